// What React is made of, one after the other: the order of effects, stores, Suspense with code and data, errors, transitions, hydration
// of what was streamed. `use` and actions are React 19's.
window.flows = async (React, client, { flushSync }, server) => {
  const { createElement: h, Suspense, lazy, useState, useEffect, useLayoutEffect, useInsertionEffect, useRef, useId } = React;
  const log = [];
  const pause = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));
  const mount = (element, options) => {
    const place = document.querySelector("#app").appendChild(document.createElement("section"));
    const root = client.createRoot(place, options);
    root.render(element);
    return { place, root };
  };
  const shows = (place, text) => until(text, () => place.textContent.includes(text));
  // A promise that is thrown until it has a value: what libraries did before there was `use`.
  const read = React.use ?? ((promise) => {
    if (promise.status === "done") return promise.value;
    if (promise.status === "failed") throw promise.reason;
    promise.status ??= void promise.then(
      (value) => Object.assign(promise, { status: "done", value }),
      (reason) => Object.assign(promise, { status: "failed", reason }),
    ) ?? "pending";
    throw promise;
  });

  // Effects: children before parents, cleaned up before they run again.
  {
    const order = [];
    const Child = ({ value }) => {
      useInsertionEffect(() => void order.push(`insertion ${value}`));
      useLayoutEffect(() => (order.push(`layout ${value}`), () => order.push(`-layout ${value}`)), [value]);
      useEffect(() => (order.push(`effect ${value}`), () => order.push(`-effect ${value}`)), [value]);
      return h("b", null, value);
    };
    const Parent = () => {
      const [value, setValue] = useState(1);
      const box = useRef(null);
      useLayoutEffect(() => void order.push(`parent sees ${box.current.textContent}`));
      useEffect(() => {
        if (value === 1) setValue(2);
      }, [value]);
      return h("p", { ref: box }, h(Child, { value }));
    };
    const { place, root } = mount(h(Parent));
    await shows(place, "2");
    await pause();
    root.unmount();
    log.push(order.join(), place.childNodes.length);
  }

  // A store outside, and state in several events: one rendering for each.
  {
    let snapshot = 0;
    let renders = 0;
    const listeners = new Set();
    const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));
    const Store = () => {
      renders++;
      const value = React.useSyncExternalStore(subscribe, () => snapshot);
      const [a, setA] = useState(0);
      const [b, setB] = useState(0);
      return h("button", { onClick: () => (setA(a + 1), setB(b + 1), setA((now) => now + 1)) }, value, " ", a, " ", b);
    };
    const { place, root } = mount(h(Store));
    await shows(place, "0 0 0");
    place.firstChild.click();
    snapshot = 5;
    flushSync(() => listeners.forEach((listener) => listener()));
    log.push(place.textContent, renders);
    root.unmount();
    log.push(listeners.size);
  }

  // Suspense: code by import(), data by fetch(), and one that fails in an error boundary that asks again by XMLHttpRequest.
  {
    class Boundary extends React.Component {
      state = { error: null };
      static getDerivedStateFromError(error) {
        return { error };
      }
      componentDidCatch(error, { componentStack }) {
        log.push(`caught ${error.message} ${/List/.test(componentStack)}`);
      }
      render() {
        if (this.state.error === null) return this.props.children;
        return h("button", { className: "again", onClick: () => (this.props.reset(), this.setState({ error: null })) }, `failed: ${this.state.error.message}`);
      }
    }
    const Code = lazy(() => import("./react_part.js").then(({ part }) => ({ default: part(React) })));
    const load = async (path) => {
      const response = await fetch(path);
      if (!response.ok) throw new Error(response.status);
      return response.json();
    };
    const viaXhr = () =>
      new Promise((resolve, reject) => {
        const xhr = new XMLHttpRequest();
        xhr.open("GET", "/api/todos");
        xhr.responseType = "json";
        xhr.onload = () => resolve(xhr.response);
        xhr.onerror = reject;
        xhr.send();
      });
    const List = ({ data }) => h("ul", null, read(data).map(({ id, title }) => h("li", { key: id }, title)));
    let release;
    let data = new Promise((resolve) => (release = resolve)).then(() => load("/api/missing"));
    const App = () => {
      const [, refresh] = useState(0);
      return h(Boundary, { reset: () => (data = viaXhr()) && refresh(1) }, h(Suspense, { fallback: h("i", null, "wait") }, h(Code, { name: "code" }), h(List, { data })));
    };
    const { place } = mount(h(App), { onCaughtError() {} });
    await until("the fallback", () => place.innerHTML === "<i>wait</i>");
    release();
    await until("the boundary", () => place.querySelector(".again"));
    log.push(place.textContent);
    place.querySelector(".again").click();
    await shows(place, "second");
    log.push(place.innerHTML);
  }

  // A transition: what is shown stays until the new data are there; what is typed does not wait.
  {
    const answers = new Map();
    const ask = (tab) => {
      if (!answers.has(tab)) answers.set(tab, fetch(`/api/todos?${tab}`).then((response) => response.json()).then((list) => pause().then(() => `${tab}: ${list.length}`)));
      return answers.get(tab);
    };
    const seen = [];
    const Panel = ({ tab }) => h("em", null, read(ask(tab)));
    const Tabs = () => {
      const [tab, setTab] = useState("one");
      const [isPending, start] = React.useTransition();
      const [text, setText] = useState("");
      const late = React.useDeferredValue(text);
      useEffect(() => void seen.push(isPending));
      return h("div", null,
        h("button", { onClick: () => start(() => setTab("two")) }, isPending ? "pending" : "tab"),
        h("input", { value: text, onChange: (event) => setText(event.target.value) }),
        h(Suspense, { fallback: "loading" }, h(Panel, { tab })), h("u", null, late));
    };
    const { place } = mount(h(Tabs));
    await shows(place, "one: 2");
    place.querySelector("button").click();
    await shows(place, "pending");
    type(place.querySelector("input"), "typed");
    log.push(place.querySelector("em").textContent, place.querySelector("input").value);
    await shows(place, "two: 2");
    await shows(place, "tabtwo");
    await shows(place, "typed");
    await until("the last effect", () => seen.at(-1) === false);
    log.push(place.textContent, seen.includes(true), seen.at(-1));
  }

  // Streamed by the server's half, a slow part after its fallback, and hydrated: the nodes stay, events before it are played again.
  {
    const slow = fetch("/api/todos").then((response) => response.json());
    const Slow = ({ data }) => h("b", { id: useId() }, read(data).map(({ title }) => title).join());
    const Counter = () => {
      const [count, setCount] = useState(0);
      return h("button", { onClick: () => setCount(count + 1) }, "count ", count);
    };
    const App = ({ data }) => h("main", null, h(Counter), h(Suspense, { fallback: h("i", null, "wait") }, h(Slow, { data })));
    const stream = await server.renderToReadableStream(h(App, { data: slow }));
    await stream.allReady;
    const html = await new Response(stream).text();
    const place = document.querySelector("#app").appendChild(document.createElement("section"));
    place.innerHTML = html;
    log.push(/<!--\$-->|<template id/.test(html), place.querySelector("button").textContent);
    const nodes = [...place.querySelectorAll("button, b")];
    const recovered = [];
    const root = client.hydrateRoot(place, h(App, { data: slow }), { onRecoverableError: (error) => recovered.push(error.message) });
    await pause(60);
    place.querySelector("button").click();
    await shows(place, "count 1");
    log.push([...place.querySelectorAll("button, b")].every((node, i) => node === nodes[i]), place.querySelector("b").textContent, recovered.length);
    // What does not match is rendered anew, and told.
    const other = document.querySelector("#app").appendChild(document.createElement("section"));
    other.innerHTML = "<p>server</p>";
    const told = [];
    const { error } = console;
    console.error = () => {};
    client.hydrateRoot(other, h("p", null, "client"), { onRecoverableError: (error) => told.push(error.message) });
    await shows(other, "client");
    console.error = error;
    log.push(told.length > 0);
    root.unmount();
    log.push(place.innerHTML);
  }

  // Actions: a form that saves by XMLHttpRequest, with what it hopes for shown meanwhile.
  if (React.useActionState !== undefined) {
    const { useFormStatus } = ReactDOMClient;
    const hopes = [];
    const Button = () => h("button", null, useFormStatus().pending ? "saving" : "save");
    const Form = () => {
      const save = async (before, data) => {
        hope(data.get("title"));
        return `${before}+${await saveTodos([{ title: data.get("title") }])}`;
      };
      const [state, action] = React.useActionState(save, "none");
      const [hoped, hope] = React.useOptimistic(state, (now, title) => `${now} (${title})`);
      useEffect(() => void hopes.push(hoped), [hoped]);
      return h("form", { action }, h("input", { name: "title", defaultValue: "new" }), h(Button), h("q", null, hoped));
    };
    const { place } = mount(h(React.Fragment, null, h("title", null, "From a component"), h(Form)));
    await shows(place, "save");
    place.querySelector("button").click();
    await shows(place, "none+saved 1");
    await until("the last effect", () => hopes.length === 3);
    log.push(place.textContent, document.title, hopes.join());
  }
  // What the boundary has caught, React 18's development build throws once more, for debuggers.
  return [...log, ...errors.filter((error) => !/404/.test(error))];
};
