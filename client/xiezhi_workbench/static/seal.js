// Locks what this browser keeps until it is sent. The key is the account's own and comes from the server, to a session of that
// account alone; here it is kept for the tab (sessionStorage), never in the database beside what it locks, and it goes when
// the session is over. What is locked then waits for its owner to sign in again.
"use strict";

(function () {
  const { ask, SignedOut } = window.xiezhiTransfer;
  const { key: place } = window.xiezhiStorage;
  const PIECE = 4 * 1024 * 1024;
  const IV = 12;
  const TAG = 16;

  function bytes(text) { return new TextEncoder().encode(text); }
  function decoded(text) { return Uint8Array.from(atob(text), (each) => each.charCodeAt(0)); }

  // AES-256-GCM (NIST SP 800-38D); `where` is authenticated, so that nothing locked opens in another's place.
  class Seal {
    constructor(owner, key) { Object.assign(this, { owner, key }); }

    static async made(owner, raw) {
      return new Seal(owner, await crypto.subtle.importKey("raw", decoded(raw), "AES-GCM", false, ["encrypt", "decrypt"]));
    }

    async lockBytes(content, where) {
      const iv = crypto.getRandomValues(new Uint8Array(IV));
      return [iv, await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(where) }, this.key, content)];
    }

    openBytes(iv, content, where) {
      return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytes(where) }, this.key, content);
    }

    async lock(value, where) {
      const [iv, content] = await this.lockBytes(bytes(JSON.stringify(value)), where);
      return { iv, content };
    }

    async open(locked, where) {
      return JSON.parse(new TextDecoder().decode(await this.openBytes(locked.iv, locked.content, where)));
    }

    // Piece by piece: a video does not fit into memory as a whole. Each says which it is and whether more follow.
    async lockFile(file, where) {
      const pieces = [];
      for (let at = 0; at === 0 || at < file.size; at += PIECE) {
        const content = await file.slice(at, at + PIECE).arrayBuffer();
        pieces.push(new Blob(await this.lockBytes(content, `${where}/${at}/${at + PIECE < file.size}`)));
      }
      return new Blob(pieces);
    }

    async openFile(locked, type, where) {
      const pieces = [];
      const step = IV + PIECE + TAG;
      for (let at = 0, number = 0; at < locked.size; at += step, number += 1) {
        const piece = new Uint8Array(await locked.slice(at, at + step).arrayBuffer());
        const told = `${where}/${number * PIECE}/${at + step < locked.size}`;
        pieces.push(new Blob([await this.openBytes(piece.slice(0, IV), piece.slice(IV), told)]));
      }
      return new Blob(pieces, { type });
    }
  }

  // The key that this tab has of the owner; null where it has none.
  async function kept(owner) {
    const found = place.get();
    return found && found.owner === owner ? Seal.made(owner, found.key) : null;
  }

  async function fetched(owner) {
    const told = await ask("/storage-key");
    if (told.owner !== owner) throw new SignedOut();
    place.put(told);
    return Seal.made(owner, told.key);
  }

  window.xiezhiSeal = { kept, of: async (owner) => await kept(owner) || fetched(owner), forget: place.remove };
})();
