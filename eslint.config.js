import js from '@eslint/js';
import compat from 'eslint-plugin-compat';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { shangliang } from './scripts/lint/plugin.ts';

const typescript = ['**/*.ts'];
const components = ['**/*.svelte'];
const unusedUnlessUnderscored = { argsIgnorePattern: '^_', varsIgnorePattern: '^_' };

export default tseslint.config(
  { ignores: ['dist/', 'data/', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  {
    name: 'javascript: only the ground itself',
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        clearInterval: 'readonly',
        console: 'readonly',
        process: 'readonly',
        setInterval: 'readonly',
      },
    },
    rules: { 'no-unused-vars': ['error', unusedUnlessUnderscored] },
  },
  {
    name: 'typescript: rules that know the types',
    files: typescript,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // An adapter may be asynchronous by its interface and not by its body.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', unusedUnlessUnderscored],
    },
  },
  {
    name: 'components: their types are svelte-check’s matter',
    files: components,
    extends: [tseslint.configs.recommended],
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', unusedUnlessUnderscored],
    },
  },
  svelte.configs.recommended, // after TypeScript's, for its parser must win in components
  {
    files: [...components, '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // The router is our own; this rule speaks of SvelteKit's.
    rules: { 'svelte/no-navigation-without-resolve': 'off' },
  },
  {
    name: 'client: Chrome 90 and Safari 14 (see browserslist in package.json)',
    files: ['client/**/*.{ts,svelte}'],
    extends: [compat.configs['flat/recommended']],
    settings: { lintAllEsApis: true },
  },
  {
    name: 'architecture',
    files: ['**/*.{ts,svelte}'],
    plugins: { shangliang },
    rules: { 'shangliang/boundaries': 'error', 'shangliang/file-name': 'error' },
  },
);
