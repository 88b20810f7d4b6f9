import { resolve } from 'node:path';
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import { parser, RUNES } from './lint-parser.ts';
import globals from 'globals';
import ts from 'typescript-eslint';

const root = resolve(import.meta.dirname, '..');

const FORBIDDEN = [
  { selector: 'TSEnumDeclaration', message: 'Only erasable syntax: use a union of strings.' },
  { selector: "CallExpression[callee.name='eval']", message: 'The content security policy refuses eval.' },
];

const KEYS = 'Use isKey, lookUpKey or keysOf of renderer/shared/keyboard: they know input methods and other layouts.';
const RAW_KEYS = [
  {
    selector: "MemberExpression[object.name='event'][property.name=/^(key|code|keyCode|which|isComposing)$/]",
    message: KEYS,
  },
  {
    selector:
      "ObjectPattern[typeAnnotation.typeAnnotation.typeName.name='KeyboardEvent'] > Property[key.name=/^(key|code|keyCode|which)$/]",
    message: KEYS,
  },
];

const TERMINATE = {
  selector: "CallExpression[callee.property.name='terminate']",
  message:
    'Terminating a thread that has loaded SQLite can end the process: call endThread of electron/library/db/threads.ts.',
};

const WAIT_FOR = {
  selector: "CallExpression[callee.object.name='vi'][callee.property.name='waitFor']",
  message: 'It gives up after a second, which is too short on a busy machine: use expect.poll.',
};

// `style:name={value}` sets a property instead.
const STYLE_ATTRIBUTE = {
  selector: "SvelteAttribute[key.name='style']",
  message: 'The content security policy refuses style attributes: use a class, or style:name={value}.',
};

export default defineConfig(
  globalIgnores(['dist/', 'dist-dev/', 'node_modules/', 'test-results/', 'release/', 'coverage/']),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs['flat/recommended'],
  svelte.configs['flat/prettier'],
  prettier,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: root,
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowInGenericTypeArguments: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/unbound-method': 'off', // our interfaces are made of closures, which may be taken out
      // Enums are forbidden below.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/require-await': 'off', // a handler may be asynchronous by contract
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-control-regex': 'off', // texts of servers are cleaned of control characters on purpose
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...FORBIDDEN],
    },
  },
  { files: ['**/*.ts', '**/*.cts'], ignores: ['**/*.svelte.ts'], languageOptions: { parser } },
  {
    files: ['electron/**', 'build/**', 'tests/**'],
    ignores: ['tests/renderer/**'],
    languageOptions: { globals: globals.node },
    rules: { 'no-restricted-syntax': ['error', ...FORBIDDEN, TERMINATE, WAIT_FOR] },
  },
  { files: ['renderer/**', 'tests/renderer/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser, ...RUNES } },
    rules: {
      'svelte/button-has-type': 'error',
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      'svelte/require-each-key': 'error',
      'svelte/prefer-svelte-reactivity': 'off', // a Map or Date that no view reads need not be watched
    },
  },
  {
    files: ['renderer/**'],
    ignores: ['renderer/shared/keyboard/**'],
    rules: { 'no-restricted-syntax': ['error', ...FORBIDDEN, ...RAW_KEYS] },
  },
  {
    files: ['**/*.svelte'],
    rules: { 'no-restricted-syntax': ['error', ...FORBIDDEN, ...RAW_KEYS, STYLE_ATTRIBUTE] },
  },
  {
    files: ['renderer/**', 'electron/{contract,images-api,library,preferences,jobs,studio}/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['renderer/**'],
    ignores: ['renderer/page/studio.ts', 'renderer/page/clock.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'window', property: 'studio', message: 'Only renderer/page/studio.ts touches it: import its API.' },
        {
          object: 'Date',
          property: 'now',
          message: 'Call currentTime() of renderer/page/clock.ts, which a test can set.',
        },
      ],
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // In a test a wrong assumption fails it, which is what a test is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off', // what expect.any() and JSON.parse() answer
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [ts.configs.disableTypeChecked] },
);
