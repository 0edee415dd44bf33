/** Similar names, host names, paths for people, digests of texts. */
@NullMarked
package dev.openmemory.backup.internal.text;

import org.jspecify.annotations.NullMarked;
