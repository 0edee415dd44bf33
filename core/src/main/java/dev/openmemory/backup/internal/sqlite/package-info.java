/** Private copies of SQLite databases: made, checked, described. */
@NullMarked
package dev.openmemory.backup.internal.sqlite;

import org.jspecify.annotations.NullMarked;
