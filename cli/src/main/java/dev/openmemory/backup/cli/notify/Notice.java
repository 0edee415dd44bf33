package dev.openmemory.backup.cli.notify;

import java.util.Map;

/**
 * What a notification says. It has no secrets.
 *
 * @param title one line
 * @param text lines for people
 * @param facts the same for programs, by name; texts and numbers
 */
record Notice(Occasion occasion, String title, String text, Map<String, Object> facts) {}
