// Plays the user of a list of things to do, whatever it is made with, and tells what is to be seen in the end.
window.errors = [];
addEventListener("error", (event) => errors.push(event.message));
addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
window.find = (selector) => document.querySelector("#app " + selector);
window.findAll = (selector) => [...document.querySelectorAll("#app " + selector)];
window.until = async (what, condition) => {
  for (let i = 0; i < 500; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${what} never came; ${document.querySelector("#app").innerHTML}; ${errors.join()}`);
};
// As a keyboard does it: the value changes beneath the framework, then it hears of it.
window.type = (input, text) => {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
  input.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
};
window.drive = async () => {
  const see = () =>
    findAll("li").map((item) => `${item.querySelector("span").textContent.trim()}[${item.querySelector(".toggle").checked ? "x" : " "}]`).join(" ");
  const log = [];
  await until("the list", () => findAll("li").length === 2);
  log.push(see());
  type(find(".text"), "third");
  // Nobody clicks before the page has drawn what was typed.
  await new Promise((resolve) => setTimeout(resolve, 20));
  find(".add").click();
  await until("the third item", () => findAll("li").length === 3);
  log.push(see(), `input '${find(".text").value}'`);
  findAll("li")[2].querySelector(".toggle").click();
  await until("the count", () => /1 left/.test(find(".left").textContent));
  findAll("li")[1].querySelector(".remove").click();
  await until("the removal", () => findAll("li").length === 2);
  find(".save").click();
  await until("the answer", () => /saved/.test(find(".status").textContent));
  log.push(see(), find(".left").textContent.trim(), find(".status").textContent.trim(), ...errors);
  return log;
};
// The API: two things at first, and whatever is saved is counted.
window.loadTodos = () => fetch("/api/todos").then((response) => response.json());
window.saveTodos = (todos) =>
  new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/api/save");
    xhr.responseType = "json";
    xhr.onload = () => resolve(`saved ${xhr.response.count}`);
    xhr.send(JSON.stringify(todos));
  });
// Hands in the document as soon as there is a result, and what it started has been drawn.
(function handIn() {
  if (window.result === undefined) return setTimeout(handIn, 5);
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 10)));
  Promise.resolve(result).then(async (list) => {
    for (let i = 0; i < 4; i++) await frame();
    document.documentElement.setAttribute("data-result", list.join("|"));
    await fetch("/document", { method: "POST", body: document.documentElement.outerHTML });
    document.documentElement.setAttribute("data-handed-in", "");
  });
})();
