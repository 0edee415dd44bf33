/** The commands about settings: {@code config init}, {@code config show}, {@code config check}. */
@NullMarked
package dev.openmemory.backup.cli.command.config;

import org.jspecify.annotations.NullMarked;
