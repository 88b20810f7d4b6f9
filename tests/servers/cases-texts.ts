import { B64, events, http, json, OTHER_B64, PNG, type Cases } from './answers.ts';

const URL = 'ORIGIN/files/image.png';
const OTHER_URL = 'ORIGIN/files/other.png';
const DATA_URL = `data:image/png;base64,${B64}`;
const WRAPPED_LINES = `data:image/png;base64,${B64.replace(/.{40}/gu, '$&\n')}`;
const document = { created: 1, data: [{ b64_json: B64 }] };
const chat = (content: unknown, more: object = {}) =>
  json({ object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content, ...more } }] });
const plain = (body: string | Buffer, type = 'text/plain') => http(body, { headers: { 'content-type': type } });
const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const stringified = (value: unknown): string => JSON.stringify(JSON.stringify(value));
const shape = (value: unknown) => ({ answer: json(value) });

/** Images inside texts: Markdown, HTML, and JSON that was encoded twice. */
export const TEXTS: Cases = {
  'Markdown with a link in a message': {
    answer: chat(`Here you are!\n\n![image](${URL})\n\n[Download](${OTHER_URL})`),
  },
  'Markdown with a data URL in a message': { answer: chat(`![image](${DATA_URL})`) },
  'Markdown with a data URL in lines': { answer: chat(`![image](${WRAPPED_LINES})`) },
  'Markdown with words before and after a data URL': {
    answer: chat(`A “fox” \\o/:\n![a fox](${DATA_URL})\nAnother one?`),
  },
  'Markdown with a title': { answer: chat(`![image](<${URL}> "a fox")`) },
  'a data URL as the message': { answer: chat(DATA_URL) },
  'a data URL after words': { answer: chat(`Image:\n${DATA_URL}\nDone.`) },
  'base64 as the message': { answer: chat(B64) },
  'an address as the message': { answer: chat(URL) },
  'an HTML image in a message': { answer: chat(`<p>Done</p><img alt="a fox" src="${URL}">`) },
  'an HTML image with a data URL': { answer: chat(`<img src='${DATA_URL}'/>`) },
  'Markdown in a part of a message': { answer: chat([{ type: 'text', text: `![](${URL})` }]) },
  'a data URL in a part of a message': { answer: chat([{ type: 'text', text: `![](${DATA_URL})` }]) },
  'images beside a message': {
    answer: chat('Here.', { images: [{ type: 'image_url', image_url: { url: DATA_URL } }] }),
  },
  'the image in a list and in the message': {
    answer: chat(`![image](${URL})`, { images: [{ type: 'image_url', image_url: { url: DATA_URL } }] }),
  },
  'Markdown in an event': {
    answer: events(`${delta('Working…')}${delta(`![image](${URL})`)}data: [DONE]\n\n`),
    streamed: true,
  },
  'a data URL in an event': {
    answer: events(`${delta('Here: ')}${delta(`![](${DATA_URL})`)}data: [DONE]\n\n`),
    streamed: true,
  },
  'a bare data URL as an event': { answer: events(`data: ${DATA_URL}\n\n`), streamed: true },
  'a user message that has a link': {
    answer: json({
      choices: [
        { message: { role: 'user', content: `![](${OTHER_URL})` } },
        { message: { role: 'assistant', content: `![](${URL})` } },
      ],
    }),
  },
  'a JSON document in a string': { answer: http(stringified(document)) },
  'an address in a document in a string': { answer: http(stringified({ data: [{ url: URL }] })) },
  'a document encoded three times': { answer: http(JSON.stringify(stringified(document))) },
  'a data URL in a string': { answer: http(JSON.stringify(DATA_URL)) },
  'base64 in a string': { answer: http(JSON.stringify(B64)) },
  'JSON in the message': { answer: chat(JSON.stringify(document)) },
  'JSON in lines in the message': { answer: chat(JSON.stringify(document, null, 2)) },
  'JSON in a Markdown fence in the message': { answer: chat(`\`\`\`json\n${JSON.stringify(document)}\n\`\`\``) },
  'an address in JSON in the message': { answer: chat(JSON.stringify({ images: [{ url: URL }] })) },
  'the object in a field': shape({ success: true, data: JSON.stringify({ b64_json: B64 }) }),
  'the object in a field with escaped slashes': shape({
    data: JSON.stringify({ b64_json: B64 }).replaceAll('/', '\\/'),
  }),
  'the list in a field': shape({ result: JSON.stringify([{ b64_json: B64 }]) }),
  'the body of a function': shape({ statusCode: 200, body: JSON.stringify(document) }),
  'the body of a function with an address': shape({ statusCode: 200, body: JSON.stringify({ data: [{ url: URL }] }) }),
  'an input in JSON in a field': shape({ body: JSON.stringify({ input_image: OTHER_B64, ...document }) }),
  'only an input in JSON in a field': {
    ...shape({ body: JSON.stringify({ input: { image: OTHER_B64 } }) }),
    code: 'answer-empty',
  },
  'what only looks like JSON': shape({ output: '{"cat": draws', data: [{ b64_json: B64 }] }),
  'plain text with Markdown': { answer: plain(`![image](${URL})`) },
  'plain text with a data URL in Markdown': { answer: plain(`Here:\n![image](${DATA_URL})\n`, 'text/markdown') },
  'a data URL as plain text': { answer: plain(DATA_URL) },
  'base64 as plain text': { answer: plain(`${B64}\n`) },
  'base64 in lines as plain text': { answer: plain(B64.replace(/.{76}/gu, '$&\r\n')) },
  'an address as plain text': { answer: plain(`${URL}\n`) },
  'plain text without an image': {
    answer: plain(`Bad gateway, see ${OTHER_URL}`),
    code: 'answer-not-json',
    kept: 'Bad gateway',
  },
  'a web page with a data URL': {
    answer: plain(`<html><title>Sign in</title><img src="data:image/png;base64,${OTHER_B64}"></html>`, 'text/html'),
    code: 'answer-not-json',
    kept: 'Sign in',
  },
  'events called a web page': { answer: plain(`data: ${JSON.stringify(document)}\n\n`, 'text/html'), streamed: true },
  JSONP: { answer: http(`callback(${JSON.stringify(document)});`) },
  'JSONP after a comment': { answer: http(`/**/ typeof cb === 'function' && cb(${JSON.stringify(document)});`) },
  'a guard and a line break': { answer: http(`)]}'\n${JSON.stringify(document)}`) },
  'a guard with a loop': { answer: http(`for(;;);${JSON.stringify(document)}`) },
  'a guard of an empty object': { answer: http(`{} && ${JSON.stringify(document)}`) },
  'a byte order mark and white space': { answer: http(`\ufeff \r\n\t${JSON.stringify(document)}`) },
  'white space, then a byte order mark': { answer: http(`\n\ufeff${JSON.stringify(document)}`) },
  'UTF-16, little-endian': { answer: http(Buffer.from(`\ufeff${JSON.stringify(document)}`, 'utf16le')) },
  'UTF-16, big-endian': { answer: http(Buffer.from(`\ufeff${JSON.stringify(document)}`, 'utf16le').swap16()) },
  'UTF-16 without a mark': {
    answer: http(Buffer.from(JSON.stringify(document), 'utf16le'), {
      headers: { 'content-type': 'application/json; charset=utf-16le' },
    }),
  },
  'UTF-16 events': {
    answer: http(Buffer.from(`\ufeffdata: ${JSON.stringify(document)}\n\n`, 'utf16le')),
    streamed: true,
  },
  'charset latin1': {
    answer: http(Buffer.from(JSON.stringify({ ...document, prompt: 'naïve café' }), 'latin1'), {
      headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    }),
  },
  'Workers AI': shape({ result: { image: B64 }, success: true, errors: [], messages: [] }),
  'images in an output': shape({ code: 0, data: { output: { images: [B64] } } }),
  'inline data of Gemini': shape({
    candidates: [
      { content: { role: 'model', parts: [{ text: 'Here' }, { inlineData: { mimeType: 'image/png', data: B64 } }] } },
    ],
  }),
  'inline data in a list of events of Gemini': shape([
    { candidates: [{ content: { parts: [{ text: 'Here' }] } }] },
    { candidates: [{ content: { parts: [{ inline_data: { mime_type: 'image/png', data: B64 } }] } }] },
  ]),
  'the Responses API': shape({
    object: 'response',
    output: [
      { type: 'reasoning', summary: [] },
      { type: 'image_generation_call', status: 'completed', result: B64 },
    ],
  }),
  'the Responses API, streamed': {
    answer: events(
      `event: response.output_item.done\ndata: ${JSON.stringify({
        type: 'response.output_item.done',
        item: { type: 'image_generation_call', status: 'completed', result: B64 },
      })}\n\n`,
    ),
    streamed: true,
  },
  'JSON-RPC': shape({
    jsonrpc: '2.0',
    id: 1,
    result: { content: [{ type: 'image', mimeType: 'image/png', data: B64 }] },
  }),
  'Stable Diffusion web UI': shape({ images: [B64], parameters: { prompt: 'a fox' }, info: '{"prompt": "a fox"}' }),
  'a data URL with a charset': shape({ image: `data:image/png;charset=utf-8;base64,${B64}` }),
  'a task-like envelope': shape({ id: 'x', status: 'COMPLETED', output: { message: URL, status: 'success' } }),
  'RunPod output with a list': shape({
    id: 'x',
    status: 'COMPLETED',
    output: { images: [{ filename: 'a.png', type: 'base64', data: B64 }] },
  }),
  'lists of lists': shape({ images: [[B64]] }),
  'a dictionary of files': shape({ outputs: { 'image.png': { url: URL } } }),
  'a number as a name': shape({ images: { 0: B64 } }),
  'octet-stream': { answer: plain(PNG, 'application/octet-stream') },
  'one document a line with the image last': {
    answer: plain(
      `{"status":"queued"}\n{"status":"progress","value":50}\n${JSON.stringify({ status: 'done', images: [B64] })}\n`,
      'application/x-ndjson',
    ),
  },
  'data lines split inside base64': {
    answer: events(
      `data: {"type":"image_generation.completed","b64_json":"${B64.slice(0, 40)}\ndata: ${B64.slice(40)}"}\n\n`,
    ),
    streamed: true,
  },
  'created at a location': { answer: http('', { status: 201, headers: { location: '/files/image.png' } }), slow: true },
};
