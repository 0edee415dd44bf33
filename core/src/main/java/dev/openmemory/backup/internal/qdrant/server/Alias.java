package dev.openmemory.backup.internal.qdrant.server;

/** Another name of a collection. */
public record Alias(String name, String collection) {}
