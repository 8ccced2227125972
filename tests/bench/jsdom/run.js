// Loads one page in jsdom as `readystate run` would; ends when nothing is left to do.
const { JSDOM, VirtualConsole } = require('jsdom');

const virtualConsole = new VirtualConsole();
virtualConsole.on('jsdomError', (error) => console.error(error.message));
JSDOM.fromURL(process.argv[2], { runScripts: 'dangerously', resources: 'usable', virtualConsole });
