// What this browser keeps until it is sent: a small database of its own. It is emptied as things are sent, and of
// what is one's own by 退出.
"use strict";

(function () {
  const NAME = "xiezhi";
  const VERSION = 2;
  const KEY = "xiezhi-key";
  const STORES = ["uploads", "entries", "tasks"];
  let opened = null;

  // What an earlier version kept stood open, and is not kept on.
  function renew(database) {
    Array.from(database.objectStoreNames).forEach((store) => database.deleteObjectStore(store));
    STORES.forEach((store) => database.createObjectStore(store, { keyPath: "key" }));
  }

  // The key of what is locked (seal.js), for this tab alone and never in the database.
  const key = {
    get: () => JSON.parse(sessionStorage.getItem(KEY) || "null"),
    put: (told) => sessionStorage.setItem(KEY, JSON.stringify(told)),
    remove: () => sessionStorage.removeItem(KEY),
  };

  function open() {
    opened = opened || new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => renew(request.result);
      request.onsuccess = () => { request.result.onversionchange = () => { request.result.close(); opened = null; }; resolve(request.result); };
      request.onerror = () => { opened = null; reject(request.error); };
    });
    return opened;
  }

  async function run(store, mode, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error || request.error);
    });
  }

  window.xiezhiStorage = {
    key,
    all: (store) => run(store, "readonly", (rows) => rows.getAll()),
    put: (store, value) => run(store, "readwrite", (rows) => rows.put(value)),
    remove: (store, key) => run(store, "readwrite", (rows) => rows.delete(key)),
    clear: (store) => run(store, "readwrite", (rows) => rows.clear()),
  };
})();
