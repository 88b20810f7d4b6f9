import { dirname, resolve } from 'node:path';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript';
import { parser as tsParser } from 'typescript-eslint';

interface Options {
  filePath?: string;
  projectService?: unknown;
}
interface Parser {
  parseForESLint(code: string, options: object): object;
}

const typescript = tsParser as unknown as Parser;
const parsers: unknown[] = svelte.configs['flat/base'].map(({ languageOptions }) => languageOptions?.['parser']);
const components = parsers.find((parser) => parser !== undefined) as Parser;

/** In tsconfig.json's order: a file belongs to the first that holds it. */
const CONFIGS = ['node', 'renderer', 'e2e'].map((name) => resolve(import.meta.dirname, `tsconfig.${name}.json`));
/** What a program has to know of components. */
const COMPONENTS = [{ extension: '.svelte', isMixedContent: true, scriptKind: ts.ScriptKind.Deferred }];
const programs = new Map<string, ts.Program>();

/** Options of svelte-eslint-parser. The programs' texts are made with them, and are of use only where files are linted with the same. */
export const RUNES = { svelteConfig: { compilerOptions: { runes: true } } };

/**
 * Parses like typescript-eslint, with types from programs that are made once. Its project service makes the program again for every
 * component, because the text that is linted isn't the one on disk. A text that is in no program, as of an editor, is left to the service.
 */
function parseForESLint(code: string, options: Options): object {
  const { filePath, projectService } = options;
  if (!projectService || filePath === undefined) return typescript.parseForESLint(code, options);
  for (const config of CONFIGS) {
    const program = programOf(config);
    if (program.getSourceFile(filePath)?.text === code)
      return typescript.parseForESLint(code, { ...options, projectService: false, programs: [program] });
  }
  return typescript.parseForESLint(code, options);
}

/** The name is for eslint's cache. */
export const parser = { meta: { name: 'emulsion-lint-parser', version: '1' }, parseForESLint };

function programOf(config: string): ts.Program {
  const program = programs.get(config) ?? createProgram(config);
  programs.set(config, program);
  return program;
}

function createProgram(config: string): ts.Program {
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { config: unknown };
  const more = { allowNonTsExtensions: true };
  const parsed = ts.parseJsonConfigFileContent(json, ts.sys, dirname(config), more, config, undefined, COMPONENTS);
  const host = ts.createCompilerHost(parsed.options, true);
  const readFile = host.readFile.bind(host);
  host.readFile = (path) => (/\.svelte(?:\.ts)?$/u.test(path) ? virtualCode(path) : undefined) ?? readFile(path);
  return ts.createProgram(parsed.fileNames, parsed.options, host);
}

/** The TypeScript that a component, or a module with runes, is linted as. Undefined if it can't be parsed, which linting it reports. */
function virtualCode(filePath: string): string | undefined {
  const source = ts.sys.readFile(filePath);
  let last: string | undefined;
  const recorder: Parser = {
    parseForESLint(code, options) {
      last = code;
      return typescript.parseForESLint(code, options);
    },
  };
  try {
    components.parseForESLint(source ?? '', { ...RUNES, filePath, parser: recorder });
    return last;
  } catch {
    return undefined;
  }
}
