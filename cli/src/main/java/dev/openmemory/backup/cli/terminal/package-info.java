/** The terminal: questions, progress, signals. */
@NullMarked
package dev.openmemory.backup.cli.terminal;

import org.jspecify.annotations.NullMarked;
