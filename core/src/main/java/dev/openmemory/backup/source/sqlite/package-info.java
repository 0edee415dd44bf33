/** The SQLite database of an installation as a source. */
@NullMarked
package dev.openmemory.backup.source.sqlite;

import org.jspecify.annotations.NullMarked;
