import path from 'node:path';
import type { Plugin } from 'vite';

const shared = path.resolve(import.meta.dirname, '../../shared') + path.sep;
const makesForm = /\bType\.[A-Z]\w*\(/g;
/** To the bundler, spreading a list runs whatever its iterator does. */
const spreadsList = /\bType\.Enum\(\[\.\.\.(\w+)\]\)/g;

/**
 * The forms of commands are the server's to check. A page that never looks at one does without: making a form has no
 * effect, which the bundler can't know by itself.
 */
export const pureForms = (): Plugin => ({
  name: 'pure-forms',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (!path.resolve(id).startsWith(shared)) return undefined;
    const plain = code.replace(spreadsList, 'Type.Enum($1)');
    return { code: plain.replace(makesForm, '/* @__PURE__ */ $&'), map: null };
  },
});
