var hours = document.getElementsByTagName('td').length / 2 + ' dishes';
document.write('<p>Open till ten.</p>');
