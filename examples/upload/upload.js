// A form with a file in it, sent with progress; then a request that is aborted, and one that runs out of time.
const upload = { log: [] };

function note(line) {
  upload.log.push(line);
  const item = document.createElement('li');
  item.textContent = line;
  document.getElementById('log').append(item);
}

function sendForm() {
  const form = document.getElementById('form');
  const data = new FormData(form);
  const photo = new Blob([new Uint8Array(200000).fill(65)], { type: 'image/x-sample' });
  data.append('photo', photo, 'sun.bin');

  const request = new XMLHttpRequest();
  request.open(form.method, form.action);
  request.responseType = 'json';
  let last = 0;
  let sent = 0;
  request.upload.onloadstart = (event) => note(event.loaded === 0 && event.total > 200000 ? 'upload starts' : 'upload starts wrongly');
  request.upload.onprogress = (event) => {
    if (event.loaded < last) note('progress went back');
    last = event.loaded;
    document.getElementById('bar').value = Math.round((100 * event.loaded) / event.total);
  };
  request.upload.onload = (event) => {
    sent = event.total;
    note(event.loaded === event.total ? 'upload complete' : 'upload incomplete');
  };
  request.onload = () => {
    const answer = request.response;
    const type = answer.contentType.split(';')[0];
    note(`${request.status} ${request.statusText}: ${answer.method} of ${type}`);
    note(answer.length === sent ? 'the server got every byte' : `the server got ${answer.length} of ${sent}`);
  };
  request.onloadend = () => {
    const fields = [];
    for (const [name, value] of data) {
      fields.push(typeof value === 'string' ? `${name}=${value}` : `${name}: ${value.name}, ${value.type}, ${value.size} bytes`);
    }
    document.getElementById('sent').textContent = fields.join('\n');
    abortOne();
  };
  request.send(data);
}

function abortOne() {
  const request = new XMLHttpRequest();
  request.open('GET', '/__delay?ms=60000');
  request.onreadystatechange = () => note(`readyState ${request.readyState}`);
  request.onabort = () => note(`aborted, status ${request.status}`);
  request.onloadend = () => timeOutOne();
  request.onload = () => note('answered after all');
  request.send();
  setTimeout(() => request.abort(), 10);
}

function timeOutOne() {
  const request = new XMLHttpRequest();
  request.open('GET', '/__delay?ms=60000');
  request.timeout = 50;
  request.ontimeout = (event) => note(`${event.type} after ${request.timeout} ms`);
  request.onload = () => note('answered after all');
  request.onloadend = () => note('done');
  request.send();
}

sendForm();
