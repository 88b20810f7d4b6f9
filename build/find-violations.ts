import { existsSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import { readImports } from './read-imports.ts';

/** A folder, or a single file, with its floor and the packages that it may import. The longest path that fits wins. */
export interface Room {
  path: string;
  floor: number;
  packages: string[];
  /** If given, the only other rooms that this one may import from, with the rooms inside them. */
  only?: string[];
}

export interface Plan {
  rooms: Room[];
  /** The only room of another house that `renderer` may import from, with the rooms inside it. */
  openToRenderer: string;
  /** Node's modules that must be named even where `node:*` is allowed. */
  servers: string[];
}

const SOURCES = /\.(ts|cts|mts|js|cjs|mjs|svelte)$/;

/**
 * Checks every source file below the rooms' houses against the plan.
 * @returns one sentence for each violation, in order of file; an empty list if the house stands.
 */
export function findViolations(root: string, plan: Plan): string[] {
  const houses = [...new Set(plan.rooms.map((room) => houseOf(room.path)))];
  const files = houses.flatMap((house) => listSources(root, house)).toSorted();
  const violations: string[] = [];
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const room = roomOf(file, plan.rooms);
    if (!room) {
      violations.push(`${file} stands in no room: give its folder a floor in build/floors.ts.`);
      continue;
    }
    const edges: string[] = [];
    for (const name of readImports(join(root, file))) {
      if (!name.startsWith('.')) {
        push(violations, judgePackage(file, room, name, plan));
        continue;
      }
      const target = resolveFile(root, file, name);
      push(violations, judgeFile(file, room, target, plan));
      edges.push(target);
    }
    graph.set(file, edges);
  }
  return [...violations, ...findCycles(graph)];
}

/**
 * Packages that a room may import and that none of its files does: what nobody needs should not be allowed.
 * @returns one sentence for each, in the order of the plan
 */
export function findUnused(root: string, plan: Plan): string[] {
  const used = new Map(plan.rooms.map((room) => [room, new Set<string>()]));
  for (const house of new Set(plan.rooms.map((room) => houseOf(room.path)))) {
    for (const file of listSources(root, house)) {
      const room = roomOf(file, plan.rooms);
      const names = readImports(join(root, file)).filter((name) => !name.startsWith('.'));
      for (const name of names) if (room) used.get(room)?.add(entryFor(packageOf(name), plan));
    }
  }
  return plan.rooms.flatMap((room) =>
    room.packages
      .filter((name) => !used.get(room)?.has(name))
      .map((name) => `${room.path} may import ${name} and does not: take it out of build/floors.ts.`),
  );
}

/** What has to stand in a room's list for a package. */
function entryFor(found: string, plan: Plan): string {
  return found.startsWith('node:') && !plan.servers.includes(found) ? 'node:*' : found;
}

function judgePackage(file: string, room: Room, name: string, plan: Plan): string | null {
  const found = packageOf(name);
  if (room.packages.includes(found) || room.packages.includes(entryFor(found, plan))) return null;
  return `${file} imports ${found}, which ${room.path} may not.`;
}

/** Whether a room is that one or lies inside it. */
function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

function judgeFile(file: string, room: Room, target: string, plan: Plan): string | null {
  const other = roomOf(target, plan.rooms);
  if (!other) return `${file} imports ${target}, which stands in no room.`;
  if (other === room) return null;
  if (room.only) {
    if (room.only.some((path) => isWithin(other.path, path))) return null;
    return `${file} imports ${target}, but may read only ${room.only.join(' and ')}.`;
  }
  if (houseOf(file) !== houseOf(target)) {
    if (houseOf(file) === 'renderer' && isWithin(other.path, plan.openToRenderer)) return null;
    return `${file} imports ${target}: of another house, the page may read ${plan.openToRenderer} and nothing else.`;
  }
  const [from, to] = whereTheyPart(room, other, plan.rooms);
  if (to.floor < from.floor) return null;
  const where = to.floor === from.floor ? 'a sibling on the same floor' : 'on a higher floor';
  return `${file} (floor ${from.floor}) imports ${target} (floor ${to.floor}), which is ${where}.`;
}

/**
 * The two rooms whose floors are compared. Rooms inside one room have floors among themselves; two rooms inside different rooms are compared
 * by the floors of those.
 */
function whereTheyPart(room: Room, other: Room, rooms: Room[]): [Room, Room] {
  const [from, to] = [enclosing(room, rooms), enclosing(other, rooms)];
  const at = from.findIndex((each, index) => each !== to[index]);
  return [from[at] ?? room, to[at] ?? other];
}

/** The rooms around a room and itself, the outermost first. */
function enclosing(room: Room, rooms: Room[]): Room[] {
  return rooms
    .filter(({ path }) => room.path === path || room.path.startsWith(`${path}/`))
    .toSorted((one, other) => one.path.length - other.path.length);
}

/** Depth first; each cycle is told once, from the file that was met first. */
function findCycles(graph: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const path: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      cycles.push(`These files import each other in a circle: ${[...path.slice(start), file].join(' -> ')}.`);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}

function roomOf(file: string, rooms: Room[]): Room | undefined {
  return rooms
    .filter((room) => file === room.path || file.startsWith(`${room.path}/`))
    .toSorted((one, other) => other.path.length - one.path.length)[0];
}

function houseOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function packageOf(name: string): string {
  const parts = name.split('/');
  if (name.startsWith('@')) return parts.slice(0, 2).join('/');
  const first = parts[0] ?? name;
  if (first.startsWith('node:')) return first;
  return builtinModules.includes(first) ? `node:${first}` : first;
}

function resolveFile(root: string, from: string, name: string): string {
  const path = posix.join(posix.dirname(from), name.replace(/[?#].*$/, ''));
  const candidates = [path, `${path}.ts`, `${path}/index.ts`];
  return candidates.find((candidate) => SOURCES.test(candidate) && existsSync(join(root, candidate))) ?? path;
}

function listSources(root: string, house: string): string[] {
  const folder = join(root, house);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCES.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function push(list: string[], entry: string | null): void {
  if (entry !== null) list.push(entry);
}
