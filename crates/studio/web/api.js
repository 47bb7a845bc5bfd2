// Asking the server: JSON in, JSON or a stream of pictures out. A server that is gone is told apart from one that refuses.

/** A refusal by the server, in words for people. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {any[] | null} mistakes
   */
  constructor(message, status, mistakes) {
    super(message);
    this.status = status;
    this.mistakes = mistakes;
  }
}

/** The server does not answer. */
export class Lost extends Error {}

/** @type {Set<(lost: boolean) => void>} */
const watchers = new Set();

/**
 * Tells when the server is gone (true) or there (false).
 * @param {(lost: boolean) => void} watcher
 */
export const watch = (watcher) => watchers.add(watcher);

/** @param {boolean} lost */
const tell = (lost) => watchers.forEach((watcher) => watcher(lost));

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function request(path, init) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    tell(true);
    throw new Lost();
  }
  tell(false);
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw new Refusal(body.error ?? `The studio answers ${response.status}.`, response.status, body.mistakes ?? null);
}

/**
 * @param {any} body
 * @param {AbortSignal} [signal]
 * @returns {RequestInit}
 */
const post = (body, signal) => ({
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal,
});

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
export const get = async (path) => (await request(path, {})).json();

/**
 * @param {string} path
 * @param {any} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export const ask = async (path, body, signal) => (await request(path, post(body, signal))).json();

/**
 * @param {string} path
 * @param {any} body
 * @returns {Promise<string>}
 */
export const askText = async (path, body) => (await request(path, post(body))).text();

/**
 * Asks for pictures, which come coarse to fine as server-sent events.
 * @param {any} question
 * @param {AbortSignal} signal
 * @param {(picture: any) => void} show
 */
export async function pictures(question, signal, show) {
  const response = await request("api/simulate", post(question, signal));
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      if (signal.aborted) throw error;
      tell(true);
      throw new Lost();
    }
    if (part.done) return;
    text += decoder.decode(part.value, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [name, data] = text.slice(0, end).split("\ndata: ");
      text = text.slice(end + 2);
      if (name === "event: picture") show(JSON.parse(data));
      else throw new Refusal(JSON.parse(data).error, 200, null);
    }
  }
}
