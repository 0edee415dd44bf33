/** In what two databases and two configurations differ. */
@NullMarked
package dev.openmemory.backup.internal.diff;

import org.jspecify.annotations.NullMarked;
