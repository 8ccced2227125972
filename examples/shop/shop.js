// The list of products, then the stock of each: one request, then one per product, all asynchronous.
const list = document.getElementById('products');
const banner = document.querySelector('#status');

function load(url, done) {
  const request = new XMLHttpRequest();
  request.open('GET', url);
  request.responseType = 'json';
  request.onload = () => {
    if (request.status === 200) done(request.response);
    else fail(`${url}: ${request.status} ${request.statusText}`);
  };
  request.onerror = () => fail(`${url}: no answer`);
  request.send();
}

function fail(message) {
  banner.className = 'error';
  banner.textContent = message;
  console.error(message);
}

function show(product) {
  const item = document.createElement('li');
  item.id = product.id;
  item.innerHTML = '<b></b> <span class="price"></span> <i></i>';
  item.querySelector('b').textContent = product.name;
  item.querySelector('.price').textContent = `${product.price.toFixed(2)} €`;
  item.querySelector('i').append('from ', product.origin);
  list.appendChild(item);
  return item;
}

load('products.json', (products) => {
  console.log(`${products.length} products`);
  let total = 0;
  let missing = products.length;
  for (const product of products) {
    const item = show(product);
    load(`stock/${product.id}.json`, ({ left }) => {
      total += left;
      item.classList.add(left > 0 ? 'available' : 'sold-out');
      item.setAttribute('data-left', left);
      if (--missing > 0) return;
      document.getElementById('total').textContent = total;
      banner.classList.replace('loading', 'ready');
      banner.textContent = 'Ready.';
      console.log('stock is in');
    });
  }
});
