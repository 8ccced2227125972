// The way it was done: one function, synchronous, for every browser.
function getFile(name) {
  var request = window.XMLHttpRequest ? new XMLHttpRequest() : new ActiveXObject('Microsoft.XMLHTTP');
  request.open('GET', name, false);
  request.overrideMimeType('text/plain; charset=iso-8859-1');
  request.send(null);
  if (request.readyState != 4 || request.status != 200) {
    throw new Error(name + ': ' + request.status);
  }
  return request.responseText;
}
