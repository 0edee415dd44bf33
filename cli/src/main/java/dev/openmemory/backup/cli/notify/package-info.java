/** Tells people about backups that fail and work again: web services and e-mail. */
@NullMarked
package dev.openmemory.backup.cli.notify;

import org.jspecify.annotations.NullMarked;
