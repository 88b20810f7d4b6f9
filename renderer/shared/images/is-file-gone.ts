/** Whether an image that couldn't be loaded isn't there, rather than being there and unreadable. */
export async function isFileGone(src: string): Promise<boolean> {
  try {
    const { ok, headers } = await fetch(src, { method: 'HEAD', cache: 'no-store' });
    // Another type is an answer about something else.
    return !ok || !/^(?:image\/|application\/octet-stream)/u.test(headers.get('content-type') ?? '');
  } catch {
    return true;
  }
}
