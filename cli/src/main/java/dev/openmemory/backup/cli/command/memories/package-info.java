/** Commands about single memories. */
@NullMarked
package dev.openmemory.backup.cli.command.memories;

import org.jspecify.annotations.NullMarked;
