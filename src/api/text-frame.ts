const nothing = Buffer.alloc(0);
/** In bytes (RFC 6455, section 5.2): a longer payload has its length in two bytes more, or in eight. */
const longest = { short: 125, medium: 0xffff } as const;
/** The final, and here the only, frame of a text (RFC 6455, section 5.2). */
const finalText = 0x81;

/**
 * Writes a text message of a server as one frame of the websocket protocol. ws makes one of two buffers for each socket
 * anew, which takes longer than the copy of a text that many sockets share.
 * @param start in front of what is shared
 */
export function textFrame(start: string, rest: Buffer = nothing): Buffer {
  const startLength = Buffer.byteLength(start);
  const length = startLength + rest.length;
  const header = length <= longest.short ? 2 : length <= longest.medium ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = finalText;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(start, header);
  frame.set(rest, header + startLength);
  return frame;
}
