package dev.openmemory.backup.memories;

/** How memories are written for a person, or for another program. */
public enum MemoryFormat {
  /** A text for people: one section for each memory. */
  MARKDOWN,
  /**
   * A table for a spreadsheet, as RFC 4180 has it, in UTF-8. A text that a spreadsheet would take
   * for a formula begins with an apostrophe.
   */
  CSV,
  /** One JSON object in each line, with the texts as they are: for another program. */
  JSONL,
  /** One page with a search field, which needs nothing else and no network. */
  HTML
}
