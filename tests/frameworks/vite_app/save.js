export const saveTodos = (todos) =>
  new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/api/save");
    xhr.setRequestHeader("Content-Type", "application/json");
    xhr.responseType = "json";
    xhr.onload = () => resolve(`saved ${xhr.response.count}`);
    xhr.send(JSON.stringify(todos));
  });
