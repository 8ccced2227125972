// CommonJS packages in a page: each file is asked for when it is required.
(() => {
  const cache = new Map();
  const text = (path) => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", path, false);
    xhr.send();
    return xhr.status === 200 ? xhr.responseText : null;
  };
  const main = (name) => {
    const json = text(`/packages/${name}/package.json`);
    return json === null ? null : `/packages/${name}/${(JSON.parse(json).main ?? "index.js").replace(/^\.\//, "")}`;
  };
  const load = (path) => {
    if (cache.has(path)) return cache.get(path).exports;
    const source = text(path) ?? text(path + ".js");
    if (source === null) throw new Error(`no ${path}`);
    const module = { exports: {} };
    cache.set(path, module);
    const require = (name) => {
      if (name.startsWith(".")) return load(new URL(name, new URL(path, location)).pathname);
      return load(/^(@[^/]+\/)?[^/]+$/.test(name) ? main(name) : `/packages/${name}`);
    };
    new Function("module", "exports", "require", "process", `${source}\n//# sourceURL=${path}`)(module, module.exports, require, {
      env: { NODE_ENV: "production" },
    });
    return module.exports;
  };
  window.require = (name) => load(/^(@[^/]+\/)?[^/]+$/.test(name) ? main(name) : `/packages/${name}`);
})();
