/** What encryption plug-ins implement: keys, passphrases, and streams for them. */
@NullMarked
package dev.openmemory.backup.spi.encryption;

import org.jspecify.annotations.NullMarked;
