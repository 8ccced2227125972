// Queues, and queues whose entries have sizes. <https://streams.spec.whatwg.org/#queue-with-sizes>
(realm) => {
  "use strict";
  const { RangeError, Number } = realm.primordials;
  const { streams } = realm;

  // First in, first out, in constant time.
  class Queue {
    #items = [];
    #head = 0;
    get length() {
      return this.#items.length - this.#head;
    }
    push(item) {
      this.#items[this.#items.length] = item;
    }
    peek() {
      return this.#items[this.#head];
    }
    shift() {
      const items = this.#items;
      const item = items[this.#head];
      items[this.#head++] = undefined;
      if (this.#head === items.length) {
        items.length = 0;
        this.#head = 0;
      } else if (this.#head > 1024 && this.#head * 2 > items.length) {
        // OPTIMIZATION: room of what is gone, given back now and then.
        const rest = [];
        for (let i = this.#head; i < items.length; i++) rest[i - this.#head] = items[i];
        this.#items = rest;
        this.#head = 0;
      }
      return item;
    }
    // Takes all items out, then calls `f` with each; what `f` adds stays.
    drain(f) {
      const items = this.#items;
      const head = this.#head;
      this.#items = [];
      this.#head = 0;
      for (let i = head; i < items.length; i++) f(items[i]);
    }
  }
  streams.Queue = Queue;

  // `container` has `queue` and `queueTotalSize`. <https://streams.spec.whatwg.org/#reset-queue>
  streams.resetQueue = (container) => {
    container.queue = new Queue();
    container.queueTotalSize = 0;
  };
  // <https://streams.spec.whatwg.org/#enqueue-value-with-size>
  streams.enqueueValueWithSize = (container, value, size) => {
    // 2, 3. A size that can be added up.
    if (!(typeof size === "number" && size >= 0 && size < Number.POSITIVE_INFINITY)) {
      throw new RangeError("The size of a chunk must be a finite number, not negative");
    }
    // 4, 5. Append.
    container.queue.push({ value, size });
    container.queueTotalSize += size;
  };
  // <https://streams.spec.whatwg.org/#dequeue-value>
  streams.dequeueValue = (container) => {
    const { value, size } = container.queue.shift();
    container.queueTotalSize -= size;
    // 6. Rounding errors.
    if (container.queueTotalSize < 0) container.queueTotalSize = 0;
    return value;
  };
  // <https://streams.spec.whatwg.org/#peek-queue-value>
  streams.peekQueueValue = (container) => container.queue.peek().value;
}
