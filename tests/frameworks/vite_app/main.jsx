// A list of things to do, as `pages/driver.js` wants it: JSX, a style sheet, JSON, a lazy part, an environment variable.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import words from "./words.json";
import "./style.css";

function App() {
  const [todos, setTodos] = useState([]);
  const [text, setText] = useState("");
  const [status, setStatus] = useState("");
  useEffect(() => {
    fetch("/api/todos").then(async (response) => setTodos(await response.json()));
  }, []);
  const add = (event) => {
    event.preventDefault();
    setTodos([...todos, { id: Date.now(), title: text, done: false }]);
    setText("");
  };
  const toggle = (todo) => setTodos(todos.map((other) => (other === todo ? { ...todo, done: !todo.done } : other)));
  const save = async () => {
    const { saveTodos } = await import("./save.js");
    setStatus(await saveTodos(todos));
  };
  return (
    <>
      <form onSubmit={add}>
        <input class="text" value={text} onInput={(event) => setText(event.target.value)} />
        <button class="add">{words.add}</button>
      </form>
      <ul>
        {todos.map((todo) => (
          <li key={todo.id} class={todo.done ? "done" : ""}>
            <input type="checkbox" class="toggle" checked={todo.done} onChange={() => toggle(todo)} />
            <span>{todo.title}</span>
            <button class="remove" onClick={() => setTodos(todos.filter((other) => other !== todo))}>
              ×
            </button>
          </li>
        ))}
      </ul>
      <footer class="left">{todos.filter((todo) => !todo.done).length} left</footer>
      <button class="save" onClick={save}>
        {words.save}
      </button>
      <p class="status">{status}</p>
    </>
  );
}

render(<App />, document.querySelector("#app"));
window.mode = import.meta.env.MODE;
