// What this browser keeps until it is sent: a small database of its own. It is emptied as things are sent, and of
// what is one's own by 退出.
"use strict";

(function () {
  const NAME = "xiezhi";
  const VERSION = 1;
  const STORES = ["uploads", "entries", "tasks"];
  let opened = null;

  function open() {
    opened = opened || new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => STORES.forEach((store) => request.result.createObjectStore(store, { keyPath: "key" }));
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
    all: (store) => run(store, "readonly", (rows) => rows.getAll()),
    put: (store, value) => run(store, "readwrite", (rows) => rows.put(value)),
    remove: (store, key) => run(store, "readwrite", (rows) => rows.delete(key)),
    clear: (store) => run(store, "readwrite", (rows) => rows.clear()),
  };
})();
