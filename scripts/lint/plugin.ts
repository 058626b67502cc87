// The project's own lint rules: the boundaries between folders, and the names of files.
import path from 'node:path';
import type { ESLint, Rule } from 'eslint';
import { whyRefused } from './boundaries.ts';

const root = path.resolve(import.meta.dirname, '../..');
const fromRoot = (filename: string) => path.relative(root, filename).split(path.sep).join('/');

/** Every syntax that names another module: static, re-exporting, dynamic, and in a type. */
type Importing = Rule.Node & { source?: { value?: unknown } | null | undefined };

const boundariesRule: Rule.RuleModule = {
  meta: { type: 'problem', messages: { refused: '“{{specifier}}”: {{because}}.' } },
  create(context) {
    const file = fromRoot(context.filename);
    const check = (node: Importing) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const because = whyRefused(file, specifier);
      if (because) context.report({ node, messageId: 'refused', data: { specifier, because } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

const fileNameRule: Rule.RuleModule = {
  meta: { type: 'suggestion', messages: { notKebab: 'Name this file in kebab-case: “{{name}}”.' } },
  create(context) {
    const name = path.basename(context.filename);
    return {
      Program(node) {
        if (!kebabCase.test(name)) context.report({ node, messageId: 'notKebab', data: { name } });
      },
    };
  },
};

export const shangliang: ESLint.Plugin = {
  rules: { boundaries: boundariesRule, 'file-name': fileNameRule },
};
