// A part of an app that comes when it is asked for.
export const part = ({ createElement: h }) => ({ name }) => h("h3", null, `lazy ${name}`);
