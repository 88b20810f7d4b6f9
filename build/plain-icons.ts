import type { PreprocessorGroup } from 'svelte/compiler';

/** An icon's data, as Lucide writes it. */
interface Icon {
  name: string;
  size: number;
  node: [tag: string, attributes: Record<string, string>][];
}

const ICON = /[/\\]@lucide[/\\]svelte[/\\]dist[/\\]icons[/\\][\w-]+\.svelte$/u;
const DATA = /const iconData = (\{.*\});/u;

/**
 * Compiles each Lucide icon to its plain SVG. As published, an icon is two components that compute and spread some thirty attributes: a view
 * with a few hundred icons would spend most of its building time on them. Takes the attributes that {@link ATTRIBUTES} names.
 */
export function plainIcons(): PreprocessorGroup {
  return {
    name: 'plain-icons',
    markup({ content, filename }) {
      if (filename === undefined || !ICON.test(filename)) return undefined;
      const data = DATA.exec(content)?.[1];
      if (data === undefined)
        throw new Error(`${filename} isn’t written as Lucide’s icons were. Adapt build/plain-icons.ts.`);
      return { code: iconSource(JSON.parse(data) as Icon) };
    },
  };
}

/** Attributes that an icon can be given. */
export const ATTRIBUTES: readonly string[] = ['class', 'size', 'fill', 'aria-label', 'aria-hidden'];

function iconSource({ name, size, node }: Icon): string {
  const shapes = node.map(([tag, attributes]) => {
    const written = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${value}"`);
    return `<${tag}${written.join('')} />`;
  });
  return `<script>
  let { class: given, size = ${size}, fill = 'none', 'aria-label': label, 'aria-hidden': hidden } = $props();
</script>

<svg
  xmlns="http://www.w3.org/2000/svg"
  width={size}
  height={size}
  viewBox="0 0 ${size} ${size}"
  {fill}
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
  class={['lucide lucide-${name}', given]}
  aria-label={label}
  aria-hidden={hidden ?? (label === undefined ? 'true' : undefined)}
>${shapes.join('')}</svg>
`;
}
