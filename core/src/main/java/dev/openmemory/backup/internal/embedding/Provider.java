package dev.openmemory.backup.internal.embedding;

/** A kind of embedder. All defaults are those of mem0, which OpenMemory uses. */
enum Provider {
  OPENAI(
      "openai",
      "text-embedding-3-small",
      "https://api.openai.com/v1",
      "openai_base_url",
      "/embeddings"),
  OLLAMA("ollama", "nomic-embed-text", "http://localhost:11434", "ollama_base_url", "/api/embed");

  final String text;
  final String model;
  final String base;
  final String baseSetting;
  final String path;

  Provider(String text, String model, String base, String baseSetting, String path) {
    this.text = text;
    this.model = model;
    this.base = base;
    this.baseSetting = baseSetting;
    this.path = path;
  }
}
