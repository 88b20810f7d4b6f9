import { B64, events, http, json, OTHER_B64, PNG, type Cases } from './answers.ts';

const URL = 'ORIGIN/files/image.png';
const shape = (value: unknown) => ({ answer: json(value) });

/** Where servers put the image. */
export const SHAPES: Cases = {
  'path only': shape({ data: [{ url: '/files/image.png' }] }),
  'relative path': shape({ data: [{ url: 'files/image.png' }] }),
  'relative path with dots': shape({ data: [{ url: '../../files/image.png' }] }),
  'protocol-relative address': shape({ data: [{ url: '//HOST/files/image.png' }] }),
  'images list': shape({ images: [{ url: URL }], seed: 7 }),
  'data is an object': shape({ created: 1, data: { url: URL } }),
  'data holds strings': shape({ created: 1, data: [URL] }),
  'data holds base64': shape({ created: 1, data: [B64] }),
  'data holds data URLs': shape({ data: [`data:image/png;base64,${B64}`] }),
  'data is a string': shape({ data: B64 }),
  wrapped: shape({ code: 200, msg: 'ok', data: { created: 1, data: [{ url: URL }] } }),
  'wrapped twice': shape({ code: 0, result: { data: { images: [{ b64_json: B64 }] } } }),
  'output as a string': shape({ output: URL }),
  'output as a list': shape({ status: 'succeeded', output: [URL] }),
  'output of objects': shape({ output: [{ type: 'image', image_url: { url: URL } }] }),
  result: shape({ result: { image: B64 } }),
  results: shape({ results: [{ url: URL }] }),
  artifacts: shape({ artifacts: [{ base64: B64, finishReason: 'SUCCESS' }] }),
  predictions: shape({ predictions: [{ mimeType: 'image/png', bytesBase64Encoded: B64 }] }),
  'a bare list': shape([{ b64_json: B64 }]),
  'a bare object': shape({ b64_json: B64 }),
  'key b64': shape({ data: [{ b64: B64 }] }),
  'key image_base64': shape({ data: [{ image_base64: B64 }] }),
  'key image': shape({ images: [{ image: `data:image/png;base64,${B64}` }] }),
  'key image_url': shape({ data: [{ image_url: URL }] }),
  'key imageUrl': shape({ data: [{ imageUrl: URL }] }),
  'an address under b64_json': shape({ data: [{ b64_json: URL }] }),
  'base64 under url': shape({ data: [{ url: B64 }] }),
  'null beside the address': shape({ data: [{ b64_json: null, url: URL }] }),
  'empty base64 list beside data': shape({ images: [], data: [{ b64_json: B64 }] }),
  'address and base64 of one image': shape({ data: [{ url: URL, b64_json: B64 }] }),
  'address beside damaged base64': shape({ data: [{ url: URL, b64_json: `${B64.slice(0, 30)}!` }] }),
  'the same address in two lists': shape({ data: [{ url: URL }], images: [URL] }),
  'a thumbnail beside it': shape({ data: [{ thumbnail: 'ORIGIN/files/other.png', preview: OTHER_B64, url: URL }] }),
  'an echoed input': shape({ input: { image: OTHER_B64 }, image: 'ORIGIN/files/other.png', data: [{ url: URL }] }),
  'an echoed input of 2 MB': shape({ input_image: OTHER_B64.padEnd(2_000_000, 'A'), data: [{ b64_json: B64 }] }),
  'a mask beside it': shape({ mask: OTHER_B64, mask_url: 'ORIGIN/files/other.png', images: [B64] }),
  'parts of a chat message': shape({
    choices: [
      {
        message: {
          content: [
            { type: 'text', text: 'Here.' },
            { type: 'image_url', image_url: { url: URL } },
          ],
        },
      },
    ],
  }),
  'an image in a chat message': shape({ output: { choices: [{ message: { content: [{ image: URL }] } }] } }),
  'images generated': shape({ generatedImages: [{ image: { imageBytes: B64 } }] }),
  'the result of a task': shape({
    code: 0,
    data: { task_id: '1', task_status: 'succeed', task_result: { images: [{ url: URL }] } },
  }),
  'key ResultImage': shape({ Response: { ResultImage: URL, RequestId: 'x' } }),
  'key imageBase64Data': shape({ data: [{ taskType: 'imageInference', imageBase64Data: B64 }] }),
  'key result_image_url beside an input': shape({
    data: [{ input_image_url: 'ORIGIN/files/other.png', result_image_url: URL }],
  }),
  'a list of addresses under url': shape({ data: [{ url: [URL] }] }),
  'an address as an object': shape({ data: [{ url: { href: URL } }] }),
  'a list written as an object': shape({ outputs: { 9: { images: [{ url: URL }] } } }),
  'JSON in a Markdown fence': { answer: http(`\`\`\`json\n{"data":[{"b64_json":"${B64}"}]}\n\`\`\`\n`) },
  'JSON that a browser can’t run': { answer: http(`)]}',\n{"data":[{"b64_json":"${B64}"}]}`) },
  'the response in an event': {
    answer: events(`data: ${JSON.stringify({ data: [{ url: URL }] })}\n\n`),
    streamed: true,
  },
  'strings in an event': { answer: events(`data: ${JSON.stringify({ images: [URL] })}\n\n`), streamed: true },
  'the image itself': { answer: http(PNG, { headers: { 'content-type': 'image/png' } }) },
  'the image itself, called JSON': { answer: http(PNG) },
  'words only': {
    answer: json({ success: false, msg: 'insufficient balance', code: 1001 }),
    code: 'quota-exhausted',
    kept: 'insufficient balance',
  },
  'other words only': {
    answer: json({ success: false, msg: 'the dog ate it', code: 1001 }),
    code: 'server-failed',
    kept: 'the dog ate it',
  },
  'nothing at all': { answer: json({ created: 1, data: [] }), code: 'answer-empty' },
  'text instead of images': {
    answer: json({ output: 'I can’t draw that.', data: ['Sorry'] }),
    code: 'answer-empty',
    kept: 'Sorry',
  },
  'only an input': { answer: json({ input: { image: OTHER_B64 }, data: [] }), code: 'answer-empty' },
  'a web page': {
    answer: http('<html><title>Welcome</title></html>', { headers: { 'content-type': 'text/html' } }),
    code: 'answer-not-json',
    kept: 'Welcome',
  },
  'an address that is gone': {
    answer: json({ data: [{ url: '/files/gone.png' }] }),
    code: 'connection-lost',
    billing: 'billed',
    says: 'status 404',
  },
};

const unpadded = B64.replace(/=+$/u, '');
const text = (b64: string) => ({ answer: http(`{"data":[{"b64_json":"${b64}"}]}`) });
const urlSafe = B64.replaceAll('+', '-').replaceAll('/', '_');
/** The same bytes with one or two characters of padding: a PNG may have bytes after its end. */
export const BASE64: Cases = {
  'padding left off': text(unpadded),
  'padding too long': text(`${unpadded}====`),
  'half of the padding': text(`${unpadded}=`),
  'a space before': text(` ${B64}`),
  'a space after': text(`${B64} `),
  'a line break before': text(`\\n${B64}`),
  'a line break after': text(`${B64}\\r\\n`),
  'lines of 76': text(B64.replace(/.{76}/gu, '$&\\n')),
  'lines of 64 with raw breaks': text(B64.replace(/.{64}/gu, '$&\r\n')),
  'spaces everywhere': text(B64.replace(/.{3}/gu, '$& \\t')),
  'escaped slashes': text(B64.replaceAll('/', '\\/')),
  'escaped plus signs': text(B64.replaceAll('+', '\\u002b').replaceAll('/', '\\u002F')),
  'a data URL': text(`data:image/png;base64,${B64}`),
  'a data URL in capitals': text(`DATA:IMAGE/PNG;BASE64,${B64}`),
  'a data URL with parameters': text(`data:image/png;name=a.png;charset=utf-8;base64,${unpadded}`),
  'a data URL after a space': text(` data:image/png;base64, ${B64}`),
  'a data URL without its scheme': text(`image/png;base64,${B64}`),
  'a data URL without scheme and type': text(`base64,${B64}`),
  'a percent-encoded data URL': text(`data:image/png;base64,${encodeURIComponent(B64)}`),
  'the URL-safe alphabet': text(urlSafe),
  'the URL-safe alphabet without padding': text(urlSafe.replace(/=+$/u, '')),
  'both alphabets': text(B64.replace('+', '-').replace(/\//u, '_')),
  'a wrong character in the middle': {
    ...text(`${B64.slice(0, 60)}*${B64.slice(61)}`),
    code: 'answer-garbled',
    says: 'aren’t base64',
  },
  'padding in the middle': {
    ...text(`${B64.slice(0, 41)}=${B64.slice(41)}`),
    code: 'answer-garbled',
    says: 'aren’t base64',
  },
  'an end inside a byte': { ...text(B64.slice(0, 41)), code: 'answer-garbled', says: 'ends in the middle' },
};
