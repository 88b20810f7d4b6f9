import { B64, events, http, json, OTHER_B64, type Cases } from './answers.ts';

const document = JSON.stringify({ created: 1, data: [{ b64_json: B64 }] });
const completed = { type: 'image_generation.completed', b64_json: B64 };
const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const partial = event({ type: 'image_generation.partial_image', partial_image_index: 0, b64_json: OTHER_B64 });
const streamed = (body: string) => ({ answer: events(body), streamed: true as const });
const KEEP_ALIVE = ': keep-alive\n\n'.repeat(3);
const error = (value: unknown) => streamed(event({ ...completed, error: value }));

/** Event streams and what is sent in their place. */
export const STREAMS: Cases = {
  'comments, then a document': streamed(KEEP_ALIVE + document),
  'comments, then a document in lines': streamed(KEEP_ALIVE + JSON.stringify(JSON.parse(document), null, 2)),
  'comments, then an error': {
    ...streamed(`${KEEP_ALIVE}{"error":{"message":"out of memory","code":"oom"}}`),
    code: 'server-failed',
    kept: 'out of memory',
  },
  'comments, then half a document': {
    ...streamed(KEEP_ALIVE + document.slice(0, -3)),
    code: 'answer-cut',
    billing: 'billed',
  },
  'a byte order mark and blank lines first': streamed(`\xef\xbb\xbf\r\n\n${KEEP_ALIVE}${document}`),
  'a ping, then a document': streamed(`event: ping\ndata: {}\n\n${document}`),
  'a document called a stream': streamed(document),
  'a stream called JSON': { answer: http(`${KEEP_ALIVE}${partial}${event(completed)}`), streamed: true },
  'a stream that nobody asked for': { answer: http(event(completed)) },
  'one document a line': streamed(`{"status":"working"}\n${JSON.stringify(completed)}\n`),
  'an empty error object': error({}),
  'an empty error text': error(''),
  'an error of null': error(null),
  'an error of false': error(false),
  'an empty list of errors': error([]),
  'an error without content': error({ message: '', code: 0 }),
  'an empty event called error': streamed(`event: error\ndata: {}\n\n${event(completed)}`),
  'an empty error in a document': { answer: json({ error: {}, data: [{ b64_json: B64 }] }) },
  'an unknown event': streamed(`event: something.else\n${event({ image: { b64_json: B64 } })}`),
  'an event without a type': streamed(event({ b64_json: B64 })),
  'no space after data:': streamed(`${partial}${event(completed)}`.replaceAll('data: ', 'data:')),
  'CR alone': streamed(`${KEEP_ALIVE}${event(completed)}`.replaceAll('\n', '\r')),
  CRLF: streamed(`${partial}${event(completed)}`.replaceAll('\n', '\r\n')),
  'several lines of data': streamed(event(completed).replaceAll(',"', '\ndata: ,"')),
  'no blank line at the end': streamed((partial + event(completed)).trimEnd()),
  'no blank line between events': streamed(`data: {"status":"started"}\ndata: ${JSON.stringify(completed)}\n\n`),
  '[DONE] glued to the event': streamed(`data: ${JSON.stringify(completed)}data: [DONE]\n\n`),
  '[DONE] on the next line': streamed(`data: ${JSON.stringify(completed)}\ndata: [DONE]\n\n`),
  'a list in an event': streamed(`data: ${JSON.stringify([{ b64_json: B64 }])}\n\n`),
  'only a partial image': { ...streamed(partial), code: 'answer-cut' },
  'an error in the stream': {
    ...streamed(partial + event({ type: 'error', error: { message: 'worker died' } })),
    code: 'server-failed',
    kept: 'worker died',
  },
  'a cut after the image': { ...streamed(event(completed).slice(0, -3)), code: 'answer-cut', billing: 'billed' },
};
