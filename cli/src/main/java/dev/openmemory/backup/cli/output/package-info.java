/** What commands print, and the parts that text and JSON share. */
@NullMarked
package dev.openmemory.backup.cli.output;

import org.jspecify.annotations.NullMarked;
