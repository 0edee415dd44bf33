/** Tests of single files in containers. */
@NullMarked
package dev.openmemory.backup.docker.internal.files;

import org.jspecify.annotations.NullMarked;
