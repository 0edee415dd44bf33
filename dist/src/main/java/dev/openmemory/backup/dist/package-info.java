/** Makes what a distribution has beside the jars: man pages, completions, licences, checksums. */
@NullMarked
package dev.openmemory.backup.dist;

import org.jspecify.annotations.NullMarked;
