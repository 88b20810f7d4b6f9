/** Every file of node_modules that belongs in the package for Linux x64, by package. A change here is a change of what users get. */
const FILES: Record<string, string> = {
  '@emnapi/runtime': `
    LICENSE dist/emnapi.cjs.js dist/emnapi.cjs.min.js index.js package.json`,
  '@expo-google-fonts/noto-emoji': `
    400Regular/NotoEmoji_400Regular.ttf LICENSE LICENSE_FONT package.json`,
  '@img/colour': `
    LICENSE.md color.cjs index.cjs package.json`,
  '@img/sharp-wasm32': `
    LICENSE index.cjs lib/sharp-wasm32-0.35.5.node.js lib/sharp-wasm32-0.35.5.node.wasm package.json versions.json`,
  'better-sqlite3': `
    LICENSE lib/binding.js lib/darwin-arm64.js lib/darwin-x64.js lib/database.js lib/index.js lib/linux-arm64.js
    lib/linux-x64.js lib/linuxmusl-arm64.js lib/linuxmusl-x64.js lib/methods/aggregate.js lib/methods/backup.js
    lib/methods/explain.js lib/methods/function.js lib/methods/inspect.js lib/methods/pragma.js
    lib/methods/serialize.js lib/methods/table.js lib/methods/transaction.js lib/methods/wrappers.js
    lib/sqlite-error.js lib/util.js lib/win32-arm64.js lib/win32-x64.js package.json prebuilds/linux-x64.node`,
  'dejavu-fonts-ttf': `
    LICENSE package.json ttf/DejaVuSansCondensed.ttf`,
  'detect-libc': `
    LICENSE lib/detect-libc.js lib/elf.js lib/filesystem.js lib/process.js package.json`,
  semver: `
    LICENSE bin/semver.js classes/comparator.js classes/index.js classes/range.js classes/semver.js
    functions/clean.js functions/cmp.js functions/coerce.js functions/compare-build.js functions/compare-loose.js
    functions/compare.js functions/diff.js functions/eq.js functions/gt.js functions/gte.js functions/inc.js
    functions/lt.js functions/lte.js functions/major.js functions/minor.js functions/neq.js functions/parse.js
    functions/patch.js functions/prerelease.js functions/rcompare.js functions/rsort.js functions/satisfies.js
    functions/sort.js functions/truncate.js functions/valid.js index.js internal/constants.js internal/debug.js
    internal/identifiers.js internal/lrucache.js internal/parse-options.js internal/re.js
    internal/trim-comparator-whitespace.js package.json preload.js range.bnf ranges/gtr.js ranges/intersects.js
    ranges/ltr.js ranges/max-satisfying.js ranges/min-satisfying.js ranges/min-version.js ranges/outside.js
    ranges/simplify.js ranges/subset.js ranges/to-comparators.js ranges/valid.js`,
  sharp: `
    LICENSE dist/channel.cjs dist/channel.mjs dist/colour.cjs dist/colour.mjs dist/composite.cjs dist/composite.mjs
    dist/constructor.cjs dist/constructor.mjs dist/index.cjs dist/index.mjs dist/input.cjs dist/input.mjs
    dist/is.cjs dist/is.mjs dist/libvips.cjs dist/libvips.mjs dist/operation.cjs dist/operation.mjs dist/output.cjs
    dist/output.mjs dist/resize.cjs dist/resize.mjs dist/sharp.cjs dist/sharp.mjs dist/utility.cjs dist/utility.mjs
    package.json`,
};

export const PACKAGED_MODULES: string[] = Object.entries(FILES).flatMap(([name, files]) =>
  files
    .trim()
    .split(/\s+/)
    .map((file) => `node_modules/${name}/${file}`),
);
