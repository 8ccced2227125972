// Serves a checkout of jQuery as its own test runner does: files, and the mock server of its ajax tests.
// node server.cjs CHECKOUT NODE_MODULES; prints the port, and ends with its standard input.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const Module = require("node:module");
const path = require("node:path");

const [, , checkout, packages] = process.argv;
// The mock server asks for its packages by name.
process.env.NODE_PATH = packages;
Module._initPaths();
const mock = require(path.join(checkout, "test/middleware-mockserver.cjs"))();

const EXTERNAL = {
  "external/qunit/qunit.js": "qunit/qunit/qunit.js",
  "external/qunit/qunit.css": "qunit/qunit/qunit.css",
  "external/sinon/sinon.js": "sinon/pkg/sinon.js",
  "external/npo/npo.js": "native-promise-only/lib/npo.src.js",
  "external/requirejs/require.js": "requirejs/require.js",
};
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
  ".xml": "text/xml",
  ".xhtml": "application/xhtml+xml",
  ".svg": "image/svg+xml",
  ".jpg": "image/jpeg",
  ".txt": "text/plain",
};

const server = http.createServer((request, response) => {
  request.url = request.url.slice(1);
  mock(request, response, () => {
    const name = decodeURIComponent(request.url.split("?")[0]);
    if (name === "test/data/qunit-fixture.js") {
      // Made by jQuery's build.
      const fixture = fs.readFileSync(path.join(checkout, "test/data/qunit-fixture.html"), "utf8");
      response.writeHead(200, { "content-type": TYPES[".js"] });
      response.end(`QUnit.config.fixture = document.getElementById("qunit-fixture").innerHTML = ${JSON.stringify(fixture)};`);
      return;
    }
    const file = EXTERNAL[name] ? path.join(packages, EXTERNAL[name]) : path.join(checkout, name);
    fs.readFile(file, (error, bytes) => {
      if (error) {
        response.writeHead(404, { "content-type": "text/plain" });
        response.end(name);
        return;
      }
      response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
      response.end(bytes);
    });
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
