/** One class per command. */
@NullMarked
package dev.openmemory.backup.cli.command;

import org.jspecify.annotations.NullMarked;
