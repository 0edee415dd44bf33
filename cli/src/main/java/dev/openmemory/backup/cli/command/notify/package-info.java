/** The command about notifications: {@code notify test}. */
@NullMarked
package dev.openmemory.backup.cli.command.notify;

import org.jspecify.annotations.NullMarked;
