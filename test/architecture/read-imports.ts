import { posix } from 'node:path';
import { parseSync, Visitor } from 'vite';
import type { SourceFile } from './source-files.ts';

/**
 * One import as written. `target` is a path in the tree (relative specifiers) or a package's specifier.
 * `how`: `type` is erased before the program runs, `static` runs with it, `lazy` when reached.
 */
export type Import = { from: string; target: string; relative: boolean; how: 'type' | 'static' | 'lazy' };

type Literal = { type: string; value?: unknown };

const computed = '(computed)';

const known = new WeakMap<SourceFile, Import[]>();

/** Every import of a file: static, dynamic, of types, re-exports, `import()` types and require. A computed one gets the target `(computed)`. */
export const readImports = (file: SourceFile): Import[] => {
  const before = known.get(file);
  if (before) return before;
  const imports = parseImports(file);
  known.set(file, imports);
  return imports;
};

const parseImports = ({ path, text }: SourceFile): Import[] => {
  const found: Import[] = [];
  const add = (how: Import['how'], source: Literal | null | undefined): void => {
    if (!source) return;
    const specifier = source.type === 'Literal' && typeof source.value === 'string' ? source.value.replace(/\?.*$/, '') : computed;
    const relative = specifier.startsWith('.');
    found.push({ from: path, target: relative ? posix.join(posix.dirname(path), specifier) : specifier, relative, how });
  };
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message ?? ''}`);
  new Visitor({
    ImportDeclaration: (node) => add(node.importKind === 'type' ? 'type' : 'static', node.source),
    ExportNamedDeclaration: (node) => add(node.exportKind === 'type' ? 'type' : 'static', node.source),
    ExportAllDeclaration: (node) => add(node.exportKind === 'type' ? 'type' : 'static', node.source),
    ImportExpression: (node) => add('lazy', node.source),
    TSImportType: (node) => add('type', node.source),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require') add('static', first);
    },
  }).visit(program);
  return found;
};
