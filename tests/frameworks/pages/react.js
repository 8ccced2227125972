// A list of things to do with hooks, effects, a reducer, a context, Suspense and a portal. `createRoot` is React 18's and 19's.
window.app = (React, { createRoot }, { createPortal }) => {
  const { createElement: h, useState, useEffect, useReducer, useContext, createContext, useRef, useMemo, useCallback, Suspense, lazy, memo } = React;
  const Dispatch = createContext(null);
  const reducer = (todos, action) => {
    switch (action.type) {
      case "load":
        return action.todos;
      case "add":
        return [...todos, { id: Math.max(0, ...todos.map((todo) => todo.id)) + 1, title: action.title, done: false }];
      case "toggle":
        return todos.map((todo) => (todo.id === action.id ? { ...todo, done: !todo.done } : todo));
      case "remove":
        return todos.filter((todo) => todo.id !== action.id);
    }
  };
  const Item = memo(({ todo }) => {
    const dispatch = useContext(Dispatch);
    return h(
      "li",
      { className: todo.done ? "done" : undefined },
      h("input", { type: "checkbox", className: "toggle", checked: todo.done, onChange: () => dispatch({ type: "toggle", id: todo.id }) }),
      h("span", { style: { color: "red", marginTop: 2 } }, todo.title),
      h("button", { className: "remove", onClick: () => dispatch({ type: "remove", id: todo.id }) }, "×"),
    );
  });
  const Left = lazy(async () => ({ default: ({ count }) => h("footer", { className: "left" }, count, " left") }));
  const App = () => {
    const [todos, dispatch] = useReducer(reducer, []);
    const [text, setText] = useState("");
    const [status, setStatus] = useState("");
    const form = useRef(null);
    useEffect(() => {
      loadTodos().then((todos) => dispatch({ type: "load", todos }));
    }, []);
    const left = useMemo(() => todos.filter((todo) => !todo.done).length, [todos]);
    const submit = useCallback(
      (event) => {
        event.preventDefault();
        dispatch({ type: "add", title: text });
        setText("");
      },
      [text],
    );
    return h(
      Dispatch.Provider,
      { value: dispatch },
      h("form", { onSubmit: submit, ref: form }, h("input", { className: "text", value: text, onChange: (event) => setText(event.target.value) }), h("button", { className: "add" }, "Add")),
      h("ul", null, todos.map((todo) => h(Item, { key: todo.id, todo }))),
      h(Suspense, { fallback: h("i", null, "wait") }, h(Left, { count: left })),
      h("button", { className: "save", onClick: () => saveTodos(todos).then(setStatus) }, "Save"),
      h("p", { className: "status" }, status),
      createPortal(h("aside", { id: "portal" }, `${todos.length} in all`), document.body),
    );
  };
  createRoot(document.querySelector("#app")).render(h(App));
};
// Hydrates what a server has rendered.
window.hydrate = async (React, { hydrateRoot }, { renderToString }) => {
  const { createElement: h, useState, useId } = React;
  const Counter = () => {
    const [count, setCount] = useState(0);
    return h("button", { id: useId(), onClick: () => setCount(count + 1) }, "clicked ", count);
  };
  const place = document.createElement("div");
  document.body.append(place);
  place.innerHTML = renderToString(h(Counter));
  const server = place.innerHTML;
  const button = place.firstChild;
  hydrateRoot(place, h(Counter), { onRecoverableError: (error) => errors.push(String(error)) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  button.click();
  await new Promise((resolve) => setTimeout(resolve, 50));
  return [server.replace(/id="[^"]*"/, "id"), place.firstChild === button, place.textContent, document.querySelector("#portal").textContent];
};
