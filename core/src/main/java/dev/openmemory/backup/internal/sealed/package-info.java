/** What of an encrypted backup may be read without a key, and what may not. */
@NullMarked
package dev.openmemory.backup.internal.sealed;

import org.jspecify.annotations.NullMarked;
