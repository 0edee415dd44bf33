/** Commands about keys for encryption. */
@NullMarked
package dev.openmemory.backup.cli.command.key;

import org.jspecify.annotations.NullMarked;
