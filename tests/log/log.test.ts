import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import type { GenerationId, ProfileId } from '../../electron/contract/entities/ids.ts';
import { StudioError, type ErrorCode } from '../../electron/contract/errors/errors.ts';
import type { EndpointName } from '../../electron/contract/endpoints.ts';
import {
  openLog,
  readLevel,
  type CallName,
  type EndedLine,
  type LogFile,
  type LogOptions,
  type RequestOutcome,
  type SentLine,
} from '../../electron/log/log.ts';

const ID = '0199d1c0-0000-7000-8000-000000000001' as GenerationId;
const PROFILE = 'openai' as ProfileId;
const AT = new Date('2026-12-01T10:00:00.000Z');
let folder: string;
let terminal: ReturnType<typeof vi.fn<(sentence: string, thrown: unknown) => void>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-log-'));
  terminal = vi.fn<(sentence: string, thrown: unknown) => void>();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function testLog(options: Partial<LogOptions> = {}): LogFile {
  const log = openLog({ folder, name: 'test.log', now: () => AT, terminal, ...options });
  onTestFinished(() => log.close());
  return log;
}
const content = (name = 'test.log'): Promise<string> => readFile(join(folder, name), 'utf8');

describe('lines', () => {
  it('have a time, a level and fixed fields', async () => {
    const log = testLog({ level: 'debug' });
    log.info('Emulsion started');
    log.requestSent({ id: ID, profile: PROFILE, bytes: 512.4 });
    log.requestEnded({ id: ID, profile: PROFILE, bytes: 2048, ms: 1234.5, outcome: 'rate-limited' });
    log.call({ name: 'jobs.create', ms: 100 });
    log.call({ name: 'jobs.create', ms: 100.6 });
    log.stall({ calls: ['jobs.create', 'library.newest'], ms: 250 });
    log.stall({ calls: [], ms: 250 });
    log.warn('The file has gone');
    await log.flush();
    const at = AT.toISOString();
    expect((await content()).split('\n')).toEqual([
      `${at} info  Emulsion started`,
      `${at} info  request sent id=${ID} profile=openai bytes=512`,
      `${at} info  request ended id=${ID} profile=openai bytes=2048 ms=1235 outcome=rate-limited`,
      `${at} debug call name=jobs.create ms=100`,
      `${at} warn  slow call name=jobs.create ms=101`,
      `${at} warn  event loop stalled ms=250 calls=jobs.create,library.newest`,
      `${at} warn  event loop stalled ms=250 calls=none`,
      `${at} warn  The file has gone`,
      '',
    ]);
    expect(terminal).not.toHaveBeenCalled();
  });

  it.each([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ] as const)('of the level %s and more important ones are written', async (level, written) => {
    const log = testLog({ level });
    log.error('e', null);
    log.warn('w');
    log.info('i');
    log.call({ name: 'a.b', ms: 1 });
    await log.flush();
    const levels = (await content())
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[1]);
    expect(levels).toEqual(written);
  });

  it('name the level by the environment, `info` by default', () => {
    expect([undefined, '', 'loud', 'DEBUG', 'warn'].map(readLevel)).toEqual(['info', 'info', 'info', 'debug', 'warn']);
  });

  it('of errors go to the terminal too, with their stack', async () => {
    const log = testLog();
    const cause = Object.assign(new Error("EACCES: permission denied, open '/x'"), { code: 'EACCES' });
    const thrown = new TypeError('Cannot read properties of undefined', { cause });
    log.error('jobs.list failed', thrown);
    await log.flush();
    const [first, second, third, ...rest] = (await content()).split('\n');
    expect(first).toBe(`${AT.toISOString()} error jobs.list failed`);
    expect(second).toBe('    TypeError: Cannot read properties of undefined');
    expect(third).toMatch(/^ {6,}at .+log\.test\.ts:\d+:\d+\)?$/u);
    expect(rest).toContain("    caused by Error [EACCES]: EACCES: permission denied, open '/x'");
    expect(terminal).toHaveBeenCalledExactlyOnceWith('jobs.list failed', thrown);
  });
});

describe('the file', () => {
  it('is rotated by size, and only so many older files are kept', async () => {
    const log = testLog({ maxBytes: 1000, kept: 2 });
    for (let line = 0; line < 100; line += 1) log.info(`line ${line} ${'x '.repeat(30)}`);
    await log.flush();
    expect((await readdir(folder)).sort()).toEqual(['test.log', 'test.log.1', 'test.log.2']);
    for (const name of ['test.log.1', 'test.log.2']) expect((await stat(join(folder, name))).size).toBeLessThan(1200);
    const kept = [await content('test.log.2'), await content('test.log.1'), await content()].join('');
    const numbers = [...kept.matchAll(/line (\d+)/gu)].map(([, number]) => Number(number));
    // Nothing between the oldest kept line and the newest is lost.
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, at) => 100 - numbers.length + at));
  });

  it('is continued by the next start', async () => {
    const first = testLog();
    first.info('first start');
    await first.close();
    const second = testLog();
    second.info('second start');
    expect((await second.tail(10)).map((line) => line.slice(-12).trim())).toEqual(['first start', 'second start']);
  });

  it.skipIf(process.platform === 'win32')('is for its owner only', async () => {
    const log = testLog({ folder: join(folder, 'a/logs') });
    log.info('one');
    await log.flush();
    expect((await stat(join(folder, 'a/logs'))).mode & 0o777).toBe(0o700);
    expect((await stat(log.path)).mode & 0o777).toBe(0o600);
  });

  it('gives its last lines, also when it is long', async () => {
    const log = testLog();
    for (let line = 0; line < 3000; line += 1) log.info(`line ${line}`);
    const tail = await log.tail(3);
    expect(tail.map((line) => line.split(' ').at(-1))).toEqual(['2997', '2998', '2999']);
  });
});

describe('a folder that cannot be used', () => {
  it('stops nothing: the terminal is told once and the newest lines stay in memory', async () => {
    await writeFile(join(folder, 'file'), '');
    const log = testLog({ folder: join(folder, 'file/logs') });
    for (let line = 0; line < 300; line += 1) log.info(`line ${line}`);
    log.requestSent({ id: ID, profile: PROFILE, bytes: 1 });
    await log.flush();
    expect(terminal).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^The log .+test\.log cannot be written$/u),
      expect.any(Error),
    );
    const tail = await log.tail(1000);
    expect(tail).toHaveLength(200);
    expect(tail.at(-1)).toContain('request sent');
    await log.close();
  });

  it('includes one in which a folder has the name of the file', async () => {
    const log = testLog({ folder, name: '.' });
    log.info('one');
    await log.flush();
    await expect.poll(() => terminal.mock.calls).toHaveLength(1);
    log.info('two');
    expect((await log.tail(5)).map((line) => line.split(' ').at(-1))).toEqual(['one', 'two']);
  });
});

describe('no secret', () => {
  const KEY = 'sk-proj-CANARYKEY0123456789abcdef';
  const PROMPT = 'a CANARYPROMPT in the snow';
  const PIXELS = `iVBORw0KGgoCANARY${'A1b2'.repeat(40)}`;

  it('can be passed to the lines of requests', () => {
    expectTypeOf<GenerationId>().toExtend<SentLine['id']>();
    expectTypeOf<ProfileId>().toExtend<SentLine['profile']>();
    expectTypeOf<ErrorCode>().toExtend<RequestOutcome>();
    expectTypeOf<EndpointName>().toExtend<CallName>();
    // A prompt and a key are plain strings, pixels are bytes: none has a field.
    expectTypeOf<string>().not.toExtend<SentLine['id']>();
    expectTypeOf<string>().not.toExtend<SentLine['profile']>();
    expectTypeOf<string>().not.toExtend<RequestOutcome>();
    expectTypeOf<string>().not.toExtend<CallName>();
    expectTypeOf<Exclude<EndedLine[keyof EndedLine], number>>().not.toExtend<Uint8Array>();
    expectTypeOf<keyof SentLine>().toEqualTypeOf<'id' | 'profile' | 'bytes'>();
    expectTypeOf<keyof EndedLine>().toEqualTypeOf<'id' | 'profile' | 'bytes' | 'ms' | 'outcome'>();
  });

  it('comes through a cast either', async () => {
    const log = testLog({ level: 'debug' });
    const text: string = `${PROMPT} ${KEY}`;
    log.requestSent({ id: text as GenerationId, profile: PIXELS as ProfileId, bytes: 1 });
    log.requestEnded({ id: ID, profile: PROFILE, bytes: NaN, ms: 1, outcome: text as RequestOutcome });
    log.call({ name: text as CallName, ms: 500 });
    log.stall({ calls: [text as CallName], ms: 500 });
    await log.flush();
    expect(await content()).not.toContain('CANARY');
    expect(await content()).toContain('request sent id=? profile=? bytes=1');
  });

  it('comes through errors', async () => {
    const log = testLog();
    const parse = (text: string): unknown => {
      try {
        return JSON.parse(text);
      } catch (thrown) {
        return thrown;
      }
    };
    const server = {
      code: 'request-refused',
      message: `The server said: ${PROMPT}`,
      server: { message: PROMPT },
    } as const;
    const thrown: unknown[] = [
      parse(PROMPT),
      parse(`{"prompt": ${PROMPT}}`),
      new StudioError(server),
      new Error(`Unexpected "${PROMPT}"`),
      new Error(`Unexpected “${PROMPT}”`),
      new Error(`Bad header authorization: Bearer ${KEY}`),
      new Error(`Bad key ${KEY} and Basic dXNlckNBTkFSWTpwYXNz`),
      new Error(`Bad body ${PIXELS}`),
      new Error(`No response of https://user:CANARY@example.com/v1?sig=CANARY`),
      new Error('outer', { cause: new Error('inner', { cause: new StudioError(server) }) }),
      PROMPT,
      { prompt: PROMPT },
    ];
    for (const each of thrown) log.error(`It failed with ${KEY} ${PIXELS}`, each);
    await log.flush();
    const written = await content();
    expect(written).not.toMatch(/CANARY|dXNlckNBTkFSWT/u);
    expect(written).toContain('StudioError [request-refused]');
    expect(written).toContain('No response of https://example.com/v1');
  });

  it('makes two lines of one', async () => {
    const log = testLog();
    log.warn('one\ntwo\r\u2028three');
    log.error('four', new Error('five\n    at six (seven:1:1)\nend'));
    await log.flush();
    const lines = (await content()).split('\n');
    expect(lines[0]).toContain('one two three');
    expect(lines.filter((line) => line.startsWith('2026'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('six'))).toHaveLength(1);
  });

  it('is cut out of paths and ids that a developer needs', async () => {
    const log = testLog();
    const sha256 = '3f'.repeat(31);
    log.warn(`The file /home/me/Images/originals/ab/${sha256}.png of ${ID} is missing`);
    await log.flush();
    expect(await content()).toContain(`originals/ab/${sha256}.png of ${ID} is missing`);
  });
});
