import type { StudioError } from '../../contract/errors/errors.ts';
import { answerNotJson, answerTooLarge } from '../errors/answer-errors.ts';
import { challengeInAnswer } from '../errors/challenge-page.ts';
import { sanitizeText } from '../errors/redact.ts';
import { pageText } from '../errors/server-error-body.ts';
import { header } from '../headers/response-headers.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { Limits } from '../transport/limits.ts';
import type { AnswerCollector, AnswerReader } from './answer-collector.ts';
import { EventStreamReader } from './event-stream-reader.ts';
import { ImageAnswerReader } from './image-answer-reader.ts';
import { JsonAnswerReader } from './json-answer-reader.ts';
import { SniffingReader } from './sniffing-reader.ts';
import { TextAnswerReader } from './text-answer-reader.ts';
import { utf8Chunks } from './utf8-chunks.ts';

/**
 * Reads the body of a response with status 2xx: JSON or events. Images are emitted through `delivery`.
 * @throws StudioError; {@link UnfinishedTask} for an answer that is a task
 */
export async function readAnswer(
  exchange: Exchange,
  delivery: AnswerCollector,
  { limits, apiKey }: { limits: Limits; apiKey: string | null },
): Promise<void> {
  const reader = openReader(exchange, delivery, apiKey);
  let bytes = 0;
  let receiving = true;
  try {
    for await (const chunk of utf8Chunks(exchange.chunks)) {
      receiving = false;
      bytes += chunk.length;
      if (bytes > limits.maxAnswerBytes) throw answerTooLarge('response');
      if (await reader.feed(chunk)) break;
      receiving = true;
    }
    receiving = false;
    await reader.finish();
  } catch (error) {
    if (receiving && (await isCompleteDespiteError(reader, delivery))) return;
    await reader.abandon();
    throw error;
  }
}

function openReader(exchange: Exchange, delivery: AnswerCollector, apiKey: string | null): AnswerReader {
  const { status, headers } = exchange;
  const notJson = (bytes: Buffer): StudioError => {
    const body = bytes.toString('utf8');
    delivery.options.documents.keepBody(body);
    const challenge = challengeInAnswer({ status, headers, apiKey, body });
    return challenge ?? answerNotJson(sanitizeText(pageText(body), apiKey), status);
  };
  return new SniffingReader({
    contentType: header(headers, 'content-type') ?? '',
    notJson,
    open(form) {
      if (form === 'image') return new ImageAnswerReader(delivery);
      const openLines = (): EventStreamReader => new EventStreamReader(delivery);
      if (form === 'events') return openLines();
      const json = new JsonAnswerReader(delivery, openLines);
      return form === 'json' ? json : new TextAnswerReader({ isString: form === 'string', reader: json, notJson });
    },
  });
}

/** Whether the connection broke only after every requested image was received, which is not an error. */
async function isCompleteDespiteError(reader: AnswerReader, delivery: AnswerCollector): Promise<boolean> {
  try {
    await reader.finish();
  } catch {
    // The response is incomplete because the connection broke, and that error is reported.
    return false;
  }
  return delivery.images >= delivery.options.wanted;
}
